#pragma once

#include "base/error.hpp"
#include "deploy/config/config.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/flow_index.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/workspace.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What is deleted.
struct DeletionRules {
  bool prune = false;
  int max_deletes = 0;
  const std::set<std::string>& protect;
  /// The flows of the revision that use a flow as a subflow.
  std::function<std::vector<std::string>(const std::string& flow_id)> users_of;
};

/// Moves the removals that are not carried out from the plan's changes to `left_behind`. A flow is only deleted if
/// flowship deployed it, and never one that is built in, protected, or still used as a subflow. Where more are left
/// than `max_deletes`, none is deleted.
void decide_deletions(Plan& plan, const DeletionRules& rules);

/// The error where a deletion looks like a mistake: a source that matches nothing, or a flow that is there under an id
/// in another case. No option allows these.
std::optional<Error> refused_deletion(const Plan& plan, const Workspace& workspace, const FlowIndex& flows);

/// Sorts the steps: subflows first, else by id; deletions last.
void put_in_order(Plan& plan);

/// The versions of a change to compare with the live state. The change must outlive it.
Lookup lookup_of(const Change& change);

/// What to ask the service about: the plan's changes, and the deployed flows that it leaves as they are; where the
/// request names flows, of these alone. Plan and environment must outlive it.
LiveQuery live_query(const Plan& plan, const LastDeployed& last, const Environment& environment);

/// Takes the live state into the plan, and decides what is done about each flow: what the service has as desired is
/// only recorded, and of what was edited or deleted in the console `policy` decides. `last` is read for flows to
/// restore.
void add_live_state(Plan& plan, LiveState state, OnDrift policy, const LastDeployed& last);

}  // namespace flowship::deploy
