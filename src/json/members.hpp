#pragma once

#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Reading a configuration strictly: each object by a table of the members that it may have.

namespace flowship::json {

/// Throws an `Error` of `Fault::invalid` that names the document, and line and column of `at`.
[[noreturn]] void refuse(Value at, const std::string& message, const std::string& hint = {});

/// The value as what it must be; `what` is how a message calls it.
std::string text_of(Value value, std::string_view what);
bool flag_of(Value value, std::string_view what);
std::vector<std::string> texts_of(Value value, std::string_view what);
void expect_object(Value value, std::string_view what);

/// One member that an object may have, and what reads it.
template <typename Target>
struct Known {
  std::string_view name;
  void (*read)(Value value, Target& target);
};

/// Reads an object's members by a table; an unknown one is an error with the nearest known name.
template <typename Target, std::size_t Count>
void read_members(Value object, const std::string& what, const Known<Target> (&table)[Count], Target& target) {
  expect_object(object, what);
  for (const Member member : object.members()) {
    const std::string name = member.name();
    const auto known = std::find_if(std::begin(table), std::end(table),
                                    [&](const Known<Target>& candidate) { return candidate.name == name; });
    if (known == std::end(table)) {
      std::vector<std::string> names;
      for (const Known<Target>& candidate : table) names.emplace_back(candidate.name);
      refuse(member.key, "unknown member `" + printable(name) + "` in " + what, did_you_mean(name, names));
    }
    known->read(member.value, target);
  }
}

}  // namespace flowship::json
