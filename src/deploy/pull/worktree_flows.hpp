#pragma once

#include "deploy/plan/workspace.hpp"
#include "flow/layouts/reading.hpp"

#include <string>

namespace flowship::deploy {

/// The flows of the working tree, and the place of new ones. The workspace must outlive it.
class WorktreeFlows {
 public:
  explicit WorktreeFlows(const Workspace& workspace);
  /// With the working tree as a revision, where the workspace is of another.
  WorktreeFlows(const Workspace& workspace, const git::Revision& worktree);

  bool has(const std::string& flow_id) const;
  /// Null where there is none. Two sources with one id are an `Error`.
  const flow::Flow* find(const std::string& flow_id) const;
  /// The place for a new flow. Throws `Error` where no source covers it.
  std::string new_place(const std::string& flow_id, flow::Layout layout) const;

 private:
  /// Beside the flows of that layout, else in the first source, else where snapshots usually are.
  std::string folder_for(flow::Layout layout) const;

  const Workspace& workspace_;
  flow::Reading reading_;
};

}  // namespace flowship::deploy
