#pragma once

#include "flow/graph/sessions.hpp"

namespace flowship::flow {

/// A path and the kinds of factors that its tasks complete, sorted.
struct SimplePath {
  Path path;
  std::vector<std::string> factors;
};

struct SimplePaths {
  /// Shortest first, at most as many as asked for.
  std::vector<SimplePath> paths;
  /// Whether there are more, or may be.
  bool more = false;
  /// Looking for more took too many steps.
  bool is_cut_short = false;
};

/// The paths of a flow to a session that pass no task twice. Several rules between the same two tasks are one step.
/// Throws `TooManyCircles`.
SimplePaths simple_paths(StepGraphs& graphs, const std::string& flow_id, std::size_t limit);

}  // namespace flowship::flow
