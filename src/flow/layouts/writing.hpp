#pragma once

#include "flow/model/flow.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::flow {

/// What writing a flow changes: paths with the texts that they get; nothing: the file goes. Files that stay as they are
/// are not among them.
using FileChanges = std::map<std::string, std::optional<std::string>>;

/// The inverse of reading: makes the files at `path` (a snapshot's folder, or a file) hold `flow` in that layout.
/// `existing` is what was read from there (null: nothing is there); of its files everything that is equal by value
/// keeps every byte. Whatever the layout has no place for is an `Error` that names it.
FileChanges files_of(const Flow& flow, Layout layout, const std::string& path, const Flow* existing);

/// The text of a `flows.json` with this flow in its list; as it was where it is there already, or where this is no
/// list.
std::string with_listed(const std::string& flow_list, const std::string& flow_id);

}  // namespace flowship::flow
