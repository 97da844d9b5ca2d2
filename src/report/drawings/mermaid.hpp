#pragma once

#include "flow/graph/graph.hpp"

#include <string>

namespace flowship::report {

/// The graph as a Mermaid flowchart. Texts can't break out of it, nor out of a fenced block of Markdown. A graph that
/// Mermaid would refuse for its size is cut, and says so.
std::string mermaid_drawing(const flow::Graph& graph);

}  // namespace flowship::report
