#pragma once

#include "flow/model/flow.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// The files that writing a flow changes, with their new texts; no text: the file is removed.
using FileChanges = std::map<std::string, std::optional<std::string>>;

/// The inverse of reading: stores `flow` at `path` (a snapshot's folder, or a file) in that layout. `existing` is what
/// was read from there, or null; whatever is equal in value keeps every byte of its files. Throws an `Error` that names
/// what the layout can't store.
FileChanges files_of(const Flow& flow, Layout layout, const std::string& path, const Flow* existing);

struct Conversion {
  FileChanges files;
  /// Pointers into the source to what import does not accept, which is left out.
  std::vector<std::string> dropped;
};

/// The flow's files in another layout, at `path`. Throws an `Error` if something would be lost.
Conversion converted(const Flow& source, Layout layout, const std::string& path);

/// The text of a `flows.json` with this flow added to its list; unchanged if it is already there, or if there is no
/// list.
std::string with_listed(const std::string& flow_list, const std::string& flow_id);
/// The same with the flow removed from its list.
std::string without_listed(const std::string& flow_list, const std::string& flow_id);

}  // namespace flowship::flow
