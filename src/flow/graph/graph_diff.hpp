#pragma once

#include "flow/describe/description.hpp"
#include "flow/graph/graph.hpp"

// The graphs of a change, with marks where they differ.

namespace flowship::flow {

struct GraphDiff {
  /// What is gone is marked, and the tasks that changed.
  Graph before;
  /// What is new is marked, and the tasks that changed.
  Graph after;
};

/// A task counts as changed where the description tells of it, of its conditions or of the screen that it shows; not
/// where it only moved on the canvas. `description` is that of the two flows.
GraphDiff graph_diff(const Flow& before, const Flow& after, const Description& description);

/// Both as one: the graph as it is now, with the tasks and ways that are gone behind its own.
Graph merged(const GraphDiff& graphs);

}  // namespace flowship::flow
