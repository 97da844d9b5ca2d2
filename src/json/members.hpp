#pragma once

#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Strict reading of configuration: a table of known members for each object.

namespace flowship::json {

/// Throws an `Error` of `Fault::invalid` with document, line and column of `at`.
[[noreturn]] void refuse(Value at, const std::string& message, const std::string& hint = {});

/// The value as the required type, a text of at least one letter; `what` names it in messages.
std::string text_of(Value value, std::string_view what);
bool flag_of(Value value, std::string_view what);
std::vector<std::string> texts_of(Value value, std::string_view what);
void expect_object(Value value, std::string_view what);

/// A known member and the function that reads it.
template <typename Target>
struct Known {
  std::string_view name;
  void (*read)(Value value, Target& target);
};

/// Where an unknown member belongs, as a hint; empty if nowhere.
/// Of a similar name, if that is asked for.
using Elsewhere = std::string (*)(std::string_view name, bool is_similar);

/// Reads an object's members by a table; an unknown one is an error that says where it belongs, or with a did-you-mean.
template <typename Target, std::size_t Count>
void read_members(Value object, const std::string& what, const Known<Target> (&table)[Count], Target& target,
                  Elsewhere elsewhere = nullptr) {
  expect_object(object, what);
  for (const Member member : object.members()) {
    const std::string name = member.name();
    const auto known = std::find_if(std::begin(table), std::end(table),
                                    [&](const Known<Target>& candidate) { return candidate.name == name; });
    if (known == std::end(table)) {
      std::vector<std::string> names;
      for (const Known<Target>& candidate : table) names.emplace_back(candidate.name);
      std::string hint = elsewhere == nullptr ? "" : elsewhere(name, false);
      if (hint.empty()) hint = did_you_mean(name, names);
      if (hint.empty() && elsewhere != nullptr) hint = elsewhere(name, true);
      refuse(member.key, "unknown member `" + printable(name) + "` in " + what, hint);
    }
    known->read(member.value, target);
  }
}

}  // namespace flowship::json
