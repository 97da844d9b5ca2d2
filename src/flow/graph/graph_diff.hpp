#pragma once

#include "flow/describe/description.hpp"
#include "flow/graph/graph.hpp"

// The graphs of both sides of a change, with differences marked.

namespace flowship::flow {

struct GraphDiff {
  /// Removed tasks and edges and changed tasks are marked.
  Graph before;
  /// Added tasks and edges and changed tasks are marked.
  Graph after;
};

/// `description` is that of the two flows. A task counts as changed if the description mentions it, its conditions or
/// the screen that it shows, but not if it only moved on the canvas.
GraphDiff graph_diff(const Flow& before, const Flow& after, const Description& description);

/// Both as one: the new graph, followed by removed tasks and edges.
Graph merged(const GraphDiff& graphs);

}  // namespace flowship::flow
