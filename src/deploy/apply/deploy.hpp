#pragma once

#include "deploy/apply/outcome.hpp"
#include "deploy/live/session.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/saved_plan.hpp"
#include "deploy/plan/workspace.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

struct DeployOptions {
  Connection connection;
  /// The flows to restrict the deployment to; empty: all that changed.
  std::vector<std::string> flows;
  /// Requests at a time, 1 to 32.
  int concurrency = 4;
  /// What to do about flows that were edited on the service since; unset: what the environment says.
  std::optional<OnDrift> on_drift;
  /// Delete the flows that the repository no longer has; unset: what the environment says.
  std::optional<bool> prune;
  std::optional<int> max_deletes;
  /// If any flow fails, put back those that were imported already.
  bool atomic = false;
  /// Carry out just this plan, and nothing else.
  std::optional<SavedPlan> saved_plan;
  /// Ask the service before and after what it holds of each flow.
  bool read_back = true;
  /// How long an intent of another machine is waited for before it counts as dead.
  std::chrono::milliseconds lock_timeout{15 * 60'000};
};

struct DeployResult {
  Plan plan;
  /// Nothing when validation found errors, so that nothing was begun.
  std::optional<Deployment> deployment;
};

/// Asks the service what it holds of every deployed flow and of those that the plan creates; with `options.flows` of
/// these alone. Fills in the plan's `drift`, and gives what the service holds of the plan's own flows.
HeldDigests check_drift(Workspace& workspace, const DeployOptions& options, const Context& context, Plan& plan);

/// From a revision to its outcome: settles a deployment that died, plans, validates, appends the intent, sends,
/// appends the result. Throws `Error` of `Fault::held` when another deployment is under way.
DeployResult deploy(Workspace& workspace, const DeployOptions& options, const Context& context);

}  // namespace flowship::deploy
