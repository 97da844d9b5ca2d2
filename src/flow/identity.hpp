#pragma once

#include "flow/flow.hpp"
#include "flow/reading.hpp"

#include <vector>

namespace flowship::flow {

/// What is wrong with the ids of flows: those that the service would not take, and those that are given twice, exactly
/// or but for their case; of two such flows the one whose path comes later is at fault.
void check_ids(const std::vector<Flow>& flows, std::vector<Problem>& problems);

}  // namespace flowship::flow
