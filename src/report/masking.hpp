#pragma once

#include "flow/graph/graph.hpp"

namespace flowship::report {

/// The graph with the secrets in its names and labels masked.
flow::Graph with_secrets_masked(flow::Graph graph);

}  // namespace flowship::report
