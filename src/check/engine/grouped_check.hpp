#pragma once

#include "check/engine/check.hpp"
#include "check/findings/findings.hpp"

namespace flowship::check {

/// What `check` reports, grouped like this.
std::vector<Finding> grouped_check(const flow::Reading& reading, const Settings& settings, const FlowLookup* lookup,
                                   Grouping grouping);

}  // namespace flowship::check
