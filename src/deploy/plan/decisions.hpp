#pragma once

#include "deploy/config/config.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/plan.hpp"

#include <functional>
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
/// than `max_deletes`, none is deleted, and the plan is refused.
void decide_deletions(Plan& plan, const DeletionRules& rules);

/// The versions of a change to compare with the live state. The change must outlive it.
Lookup lookup_of(const Change& change);

/// Takes the live state of the plan's flows into the plan, and decides what is done about each: what the service has as
/// desired is only recorded, and of what was edited in the console `policy` decides. An edited flow is never deleted.
void add_live_state(Plan& plan, LiveState state, OnDrift policy);

}  // namespace flowship::deploy
