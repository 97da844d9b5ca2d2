#pragma once

#include "check/engine/check.hpp"
#include "deploy/plan/plan.hpp"
#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// The errors in one flow that stands in no file: what the service holds, or what is about to be sent. An entry for a
/// place in `source` (null for none) is one for the whole flow. `lookup` may be null, as for `check::check`.
std::vector<check::Finding> errors_of(const flow::Flow& flow, const flow::Source* source, check::Settings settings,
                                      const check::FlowLookup* lookup);

/// The errors that an environment's overrides bring into a flow whose source has none, each at the place in the
/// configuration that names the flow, else at the flow's source.
std::vector<check::Finding> errors_of_overrides(const Change& change, const check::Settings& settings,
                                                const std::string& environment, const check::FlowLookup& lookup);

}  // namespace flowship::deploy
