#pragma once

#include "base/error.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/live/live_flow.hpp"
#include "deploy/plan/flow_index.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/workspace.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What is deleted.
struct DeletionRules {
  bool prune = false;
  const std::set<std::string>& protect;
  /// The flows of the revision that use a flow as a subflow.
  std::function<std::vector<std::string>(const std::string& flow_id)> users_of;
};

/// Moves the removals that are not carried out from the plan's changes to `left_behind`. A flow is only deleted if
/// flowship deployed it, and never one that is built in, protected, or still used as a subflow.
void decide_deletions(Plan& plan, const DeletionRules& rules);

/// Leaves all deletions behind, with a warning for each, if there are more than `most`; whether there are.
bool limit_deletions(Plan& plan, int most);

/// Takes back what `limit_deletions` did.
void lift_limit(Plan& plan);

/// The error where a deletion looks like a mistake: a source that matches nothing, or a flow that is there under an id
/// in another case. No option allows these.
std::optional<Error> refused_deletion(const Plan& plan, const Workspace& workspace, const FlowIndex& flows);

/// Whether a step deletes a flow that the service has.
bool is_deletion(const Change& change);

/// The flows that a flow runs on the service, as far as that is known.
std::set<std::string> held_subflows(const Change& change);
std::set<std::string> held_subflows(const Deployed& flow);

/// Flows that stay on the service as they are, with the flows that they run.
using Users = std::map<std::string, std::set<std::string>>;

/// The flows that the plan leaves behind or out. `live` is what is known of the service.
Users users_left(const Plan& plan, const std::map<std::string, LiveFlow>& live);

/// Leaves behind what a flow that stays still runs, and what that runs in turn.
void keep_used(Plan& plan, Users users);

void sort_left_behind(Plan& plan);

/// Nothing is deleted before what ran it, and not if that failed.
void wait_for_users(Plan& plan);

/// Warns of globs in `protect` that no known flow matches while flows are to be deleted: a typo there must not cost a
/// flow unseen. `find_known` reads the whole revision, and is asked only then.
void warn_of_unmatched_protection(Plan& plan, const std::set<std::string>& protect,
                                  const std::function<std::vector<std::string>()>& find_known);

}  // namespace flowship::deploy
