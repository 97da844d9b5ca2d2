#pragma once

#include "flow/graph/steps.hpp"

#include <cstddef>
#include <vector>

namespace flowship::flow {

/// The steps of `path`, which leads from the start to a session, that every path of this flow to a session passes. A
/// flow that a step runs counts as passable to all of the step's ways, so that some may be missing. Takes time linear
/// in the steps and ways.
std::vector<std::size_t> dominators(const StepGraph& graph, const std::vector<std::size_t>& path);

}  // namespace flowship::flow
