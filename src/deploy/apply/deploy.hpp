#pragma once

#include "deploy/apply/options.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/live/session.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/workspace.hpp"

#include <optional>

namespace flowship::deploy {

struct DeployResult {
  Plan plan;
  /// Nothing when validation found errors, so that nothing was begun.
  std::optional<Deployment> deployment;
};

/// Takes the live state of every deployed flow and of those that the plan creates into the plan, with its drift; where
/// the request names flows, of these alone.
void check_drift(Workspace& workspace, const DeployOptions& options, const Context& context, Plan& plan);

/// From a revision to its outcome: recovers a deployment that died, plans, validates, appends the intent, applies,
/// appends the result. Throws `Error` of `Fault::held` when another deployment is under way.
DeployResult deploy(Workspace& workspace, const DeployOptions& options, const Context& context);

}  // namespace flowship::deploy
