#pragma once

#include "flow/graph/graph.hpp"

#include <cstddef>
#include <vector>

namespace flowship::report {

/// The tasks in the flow's order: from its start along the edges, the nearest first; then what can't be reached.
std::vector<std::size_t> task_order(const flow::Graph& graph);

/// The edges of one task. The graph's edges are sorted by where they begin.
std::vector<flow::Edge> edges_from(const flow::Graph& graph, std::size_t task);

}  // namespace flowship::report
