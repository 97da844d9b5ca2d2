#pragma once

#include "deploy/ledger/ledger.hpp"
#include "deploy/live/live_flow.hpp"
#include "deploy/plan/workspace.hpp"
#include "deploy/pull/flow_conflicts.hpp"
#include "deploy/pull/worktree_flows.hpp"
#include "flow/layouts/writing.hpp"
#include "flow/model/flow.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// Which side decides conflicts.
enum class Resolve { nothing, ours, theirs };

/// A flow of the working tree and what the service holds.
struct LiveMergeInput {
  const flow::Flow& ours;
  /// What it is one of.
  const WorktreeFlows& sources;
  const LiveVersion& live;
  /// What was sent last; null if unknown.
  const flow::Flow* sent = nullptr;
  Resolve resolve = Resolve::nothing;
};

struct LiveMerge {
  /// The merged flow, as the source is to be; nothing at a conflict that is not decided, and where ours stays.
  std::optional<flow::Flow> flow;
  /// Its files, as far as they change.
  flow::FileChanges files;
  std::vector<flow::NewId> new_ids;
  /// The pointers of `set` where the service has another value than the environment sets.
  std::vector<std::string> beyond_source;
  std::optional<FlowConflicts> conflict;
  /// Conflicts were decided for ours: the service goes on holding what it was decided against.
  bool is_decided_for_ours = false;
};

/// Merges the live state into a flow of the working tree: the base is what the service returned after the last
/// deployment, else what was sent; all in the source's own terms (connectors, values that the environment sets).
/// Without a base, a flow that differs is a conflict.
LiveMerge merge_live(const Workspace& workspace, const std::optional<LedgerEntry>& head, const LiveMergeInput& input);

/// Throws `Error` where the service's version has a secret that `files`, which are to be written, would take into git.
/// What `ours` has already is there; null for a new flow.
void refuse_secrets(const Workspace& workspace, const flow::Flow& flow, const flow::FileChanges& files,
                    const flow::Flow* ours);

/// ``keep the repository's: `flowship pull sign-in --ours`; take the service's: …``, with the environment's
/// `name_in_commands`.
std::string resolve_hint(const std::string& flow_id, const std::string& environment);

/// A flow that one side deleted. `environment` is its `name_in_commands`.
FlowConflicts deletion_conflict(const std::string& flow_id, const std::string& reason, const std::string& environment);

}  // namespace flowship::deploy
