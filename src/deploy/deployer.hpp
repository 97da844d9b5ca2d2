#pragma once

#include "api/service.hpp"
#include "base/stop.hpp"
#include "deploy/deployment.hpp"
#include "deploy/plan.hpp"

#include <vector>

namespace flowship::deploy {

/// What became of the steps of a plan, before it is recorded.
struct Execution {
  struct Step {
    FlowResult result;
    /// Whether the service may hold something else than before, though the step did not succeed.
    bool unknown = false;
    /// Whether the service refused the key.
    bool credentials_refused = false;
  };
  /// In the plan's order; removals are not among them.
  std::vector<Step> steps;
  bool credentials_refused = false;
};

/// Carries out the plan's creations and updates with up to `concurrency` requests at a time, subflows before the flows
/// that use them. A failure stops nothing but the flows that use the failed one; a refused key or `stop` stops all that
/// was not begun.
Execution carry_out(const Plan& plan, api::Service& service, int concurrency, const StopSignal& stop,
                    Progress& progress);

}  // namespace flowship::deploy
