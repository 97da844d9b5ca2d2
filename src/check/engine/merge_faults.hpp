#pragma once

#include "check/engine/check.hpp"
#include "flow/merge/merge.hpp"

namespace flowship::check {

/// Finds what the rules say about a version of a flow, or about one file of a flow.
flow::FaultsOf merge_faults(flow::Role role, const Settings& settings);

}  // namespace flowship::check
