#pragma once

#include "deploy/live/session.hpp"
#include "deploy/pull/flow_conflicts.hpp"
#include "git/objects/object_id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What became of the console edits of one flow.
struct AdoptedCommit {
  /// Nothing at a conflict, and where the source has all that it can express.
  std::optional<git::ObjectId> commit;
  std::vector<std::string> warnings;
  std::optional<FlowConflicts> conflict;
};

/// Merges the live state of a flow into its source in the workspace's revision, which must be of the commit `parent`,
/// and writes the result as a commit on it; moves no ref, and appends nothing to the ledger. Where there is no working
/// tree, this is how an edit is adopted. Throws `Error` where either side does not have the flow.
AdoptedCommit adopted_commit(Workspace& workspace, const git::ObjectId& parent, const std::string& flow_id,
                             const Connection& connection, const Context& context);

}  // namespace flowship::deploy
