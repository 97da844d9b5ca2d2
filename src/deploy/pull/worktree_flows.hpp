#pragma once

#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/workspace.hpp"
#include "flow/layouts/reading.hpp"

#include <map>
#include <optional>
#include <string>

namespace flowship::deploy {

/// The flows of the working tree, and the place of new ones. The workspace must outlive it.
class WorktreeFlows {
 public:
  /// `head` is the ledger's newest entry.
  WorktreeFlows(const Workspace& workspace, const std::optional<LedgerEntry>& head);
  /// With the working tree as a revision, where the workspace is of another.
  WorktreeFlows(const Workspace& workspace, const std::optional<LedgerEntry>& head, const git::Revision& worktree);

  bool has(const std::string& flow_id) const;
  /// Null where there is none. Two sources with one id are an `Error`.
  const flow::Flow* find(const std::string& flow_id) const;
  /// The same, for a flow that is merged and written. Throws `Error` with the place where its files can't be read: a
  /// flow whose file is not JSON is neither removed nor new.
  const flow::Flow* find_whole(const std::string& flow_id) const;
  /// The place for a new flow. Throws `Error` where no source covers it.
  std::string new_place(const std::string& flow_id, flow::Layout layout) const;

 private:
  /// Beside the flows of that layout, else in the first source, else where snapshots usually are.
  std::string folder_for(flow::Layout layout) const;

  const Workspace& workspace_;
  flow::Reading reading_;
  /// The problems of files that are not JSON, and so have no id of their own, by the id that was deployed from there
  /// and by the file's name.
  std::map<std::string, const flow::Problem*> broken_;
};

}  // namespace flowship::deploy
