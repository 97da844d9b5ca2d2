#pragma once

#include "api/service.hpp"
#include "base/stop.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/plan.hpp"

#include <set>
#include <string>
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
    /// What the service returned afterwards; empty where it was not asked, or could not be.
    std::string after;
    /// Things worth describe though the step succeeded.
    std::vector<std::string> warnings;
  };
  /// In the plan's order; removals that are not carried out are not among them.
  std::vector<Step> steps;
  bool credentials_refused = false;
};

struct CarryOutOptions {
  /// Requests at a time.
  int concurrency = 4;
  /// Ask after each import what the service made of it.
  bool read_back = true;
  /// What the service held before; empty where it was not asked.
  Sightings sightings = {};
  /// Nothing is begun any more once a flow has failed.
  bool stop_at_failure = false;
  /// A drifted flow is left as it is.
  bool skip_drifted = false;
  /// The removals to carry out.
  std::set<std::string> removals = {};
};

/// Carries out the plan with several requests at a time, subflows before the flows that use them, removals last. A
/// failure stops nothing but the flows that use the failed one; a refused key or `stop` stops all that was not begun.
Execution carry_out(const Plan& plan, api::Service& service, const CarryOutOptions& options, const StopSignal& stop,
                    Progress& progress);

}  // namespace flowship::deploy
