#pragma once

#include "flow/layouts/writing.hpp"
#include "json/document.hpp"
#include "json/patch.hpp"

#include <set>
#include <string>
#include <string_view>

namespace flowship::flow {

/// Throws an `Error`: the layout can't store the value at `pointer` of the flow.
[[noreturn]] void refuse_to_store(const Flow& flow, Layout layout, const std::string& pointer);

/// Assembles an object from members that come from several places of a flow.
class ObjectText {
 public:
  ObjectText(const Flow& flow, Layout layout) : flow_(flow), layout_(layout) {}

  /// `text` is JSON. Refuses a name that is already there, since it leaves no place for `pointer` of the flow.
  void add(const std::string& name, std::string_view text, const std::string& pointer);
  /// All fields, each with `pointer` before its name.
  void add(const Fields& fields, const std::string& pointer);
  std::string text() const { return "{" + members_ + "}"; }

 private:
  const Flow& flow_;
  Layout layout_;
  std::set<std::string> names_;
  std::string members_;
};

/// Gives the file at `path` the value of the JSON text `wanted`: patches `old`, or writes a new text if it is null.
void put_file(FileChanges& changes, const std::string& path, const json::Document* old, const std::string& wanted,
              const json::PatchRules& rules);

/// Empty and absent members are the same.
constexpr json::PatchRules kEmptiesAbsent{.empties = json::Empties::absent};

/// A screen: empty and absent `interactions` are the same.
const json::PatchRules& screen_rules();

}  // namespace flowship::flow
