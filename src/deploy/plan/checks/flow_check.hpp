#pragma once

#include "check/engine/check.hpp"
#include "deploy/config/config.hpp"
#include "deploy/plan/checks/check_scope.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// The errors in one flow that is not a file: the live one, or the one about to be sent. An `ignore` entry for a place
/// in `source` (null for none) counts for the whole flow. `lookup` may be null, as for `check::check`.
std::vector<check::Finding> errors_of(const flow::Flow& flow, const flow::Source* source, check::Settings settings,
                                      const check::FlowLookup* lookup);

/// Where the configuration of an environment names the flow, else the flow's source.
check::ConfiguredName place_of_set(const flow::Flow& flow, const check::Settings& settings,
                                   const std::string& environment);

/// The errors in a flow as it is sent to an environment, whose source has none: its overrides cause them. Each is
/// reported where the configuration names the flow, else at the flow's source.
std::vector<check::Finding> errors_of_overrides(const flow::Flow& sent, const check::Settings& settings,
                                                const std::string& environment, const check::FlowLookup& lookup);

/// The errors that `set` of these environments causes in the flows of `reading` that have none in `found`.
std::vector<check::Finding> errors_of_set(const flow::Reading& reading, const std::vector<check::Finding>& found,
                                          const Config& config, const CheckScope& scope,
                                          const check::FlowLookup& lookup);

}  // namespace flowship::deploy
