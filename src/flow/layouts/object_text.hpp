#pragma once

#include "flow/layouts/writing.hpp"
#include "json/document.hpp"
#include "json/patch.hpp"

#include <set>
#include <string>
#include <string_view>

namespace flowship::flow {

/// Ends the writing of a flow into a layout that can't hold the value at `pointer`.
[[noreturn]] void refuse_to_hold(const Flow& flow, Layout layout, const std::string& pointer);

/// Puts an object's text together from members that come from several places of a flow.
class ObjectText {
 public:
  ObjectText(const Flow& flow, Layout layout) : flow_(flow), layout_(layout) {}

  bool has(const std::string& name) const { return names_.contains(name); }
  /// `text` is JSON. Refuses a name that is there already, describe that `pointer` of the flow has no place.
  void add(const std::string& name, std::string_view text, const std::string& pointer);
  /// All fields, each with `pointer` before its name.
  void add(const Fields& fields, const std::string& pointer);
  const std::string& text();

 private:
  const Flow& flow_;
  Layout layout_;
  std::set<std::string> names_;
  std::string text_ = "{";
  bool is_closed_ = false;
};

/// The writers of the layouts; see `files_of`.
FileChanges write_snapshot(const Flow& flow, const std::string& path, const Flow* existing);
FileChanges write_console(const Flow& flow, const std::string& path, const Flow* existing);
FileChanges write_exported(const Flow& flow, const std::string& path, const Flow* existing);

/// Makes the file at `path` hold what the JSON text `wanted` means: `old`, patched, or, without it, a new text.
void put_file(FileChanges& changes, const std::string& path, const json::Document* old, const std::string& wanted,
              const json::PatchRules& rules);

/// A screen: empty `interactions` and none are the same.
const json::PatchRules& screen_rules();

}  // namespace flowship::flow
