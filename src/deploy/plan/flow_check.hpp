#pragma once

#include "check/engine/check.hpp"
#include "deploy/plan/plan.hpp"
#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// The errors in one flow that is not a file: the live one, or the one about to be sent. An `ignore` entry for a place
/// in `source` (null for none) counts for the whole flow. `lookup` may be null, as for `check::check`.
std::vector<check::Finding> errors_of(const flow::Flow& flow, const flow::Source* source, check::Settings settings,
                                      const check::FlowLookup* lookup);

/// The errors that an environment's overrides cause in a flow whose source has none, each reported where the
/// configuration names the flow, else at the flow's source.
std::vector<check::Finding> errors_of_overrides(const Change& change, const check::Settings& settings,
                                                const std::string& environment, const check::FlowLookup& lookup);

}  // namespace flowship::deploy
