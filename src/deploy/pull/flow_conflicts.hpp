#pragma once

#include "flow/merge/merge.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// Why the live state of a flow could not be merged into the working tree.
struct FlowConflicts {
  std::string flow_id;
  /// In one sentence.
  std::string reason;
  /// The commands that decide it.
  std::string hint;
  std::vector<flow::MergeConflict> conflicts;
  /// Own what the conflicts point into.
  std::vector<json::DocumentPtr> documents;
};

}  // namespace flowship::deploy
