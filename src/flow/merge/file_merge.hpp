#pragma once

#include "flow/merge/merge.hpp"

#include <functional>
#include <optional>
#include <string>

namespace flowship::flow {

/// Three versions of a file, as texts; the base is empty if both sides added it.
struct FileVersions {
  /// In the repository.
  std::string path;
  std::string base;
  std::string ours;
  std::string theirs;
};

struct FileMerge {
  Merged merged;
  /// The file, in the layout and bytes of ours; at a conflict it has ours.
  std::string text;
  /// For a line-by-line merge that leaves markers at the conflicts, and only there: the same with theirs, and with
  /// values that neither side has.
  std::string with_theirs;
  std::string with_nobodys;
};

/// What finds faults in documents of a role.
using FaultsOfRole = std::function<FaultsOf(Role)>;

/// Merges a file of a flow in any layout: a whole flow, or one of a snapshot's files. Nothing if one of the versions is
/// not JSON or not of a flow. `find_siblings` is asked for a snapshot's other files where ids depend on them.
std::optional<FileMerge> merge_file(const FileVersions& versions, const FaultsOfRole& faults,
                                    const FindSiblings& find_siblings);

}  // namespace flowship::flow
