#pragma once

#include "flow/graph/steps.hpp"

#include <cstddef>
#include <vector>

namespace flowship::flow {

/// What paths lead to: in the outermost flow to sessions, in one that it runs to any end.
enum class PathEnds { sessions, all };

/// The steps of `path`, which leads from the start to such an end, that every path of this flow to one passes. A flow
/// that a step runs counts as passable to all of the step's ways, so that some may be missing. Takes time linear in the
/// steps and ways.
std::vector<std::size_t> dominators(const StepGraph& graph, const std::vector<std::size_t>& path, PathEnds ends);

}  // namespace flowship::flow
