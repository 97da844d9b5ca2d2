// A flow's graph for Graphviz.

#include "report/drawings/layout.hpp"
#include "report/writers.hpp"

#include <array>

namespace flowship::report {

namespace {

using flow::Mark;
using flow::TaskKind;

std::string dot_string(std::string_view text) {
  std::string result = "\"";
  for (const char character : cut_to(text, kLabelWidth)) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + "\"";
}

std::string_view dot_shape(TaskKind kind) {
  // In the order of TaskKind.
  constexpr std::array kShapes{"shape=oval",
                               "shape=box",
                               "shape=box, style=rounded",
                               "shape=hexagon",
                               "shape=box, peripheries=2",
                               "shape=parallelogram",
                               "shape=box, style=dashed"};
  return kShapes.at(static_cast<std::size_t>(kind));
}

std::string dot_colour(Mark mark) {
  if (mark == Mark::none) return {};
  const std::string colour(colour_of(mark));
  return ", color=\"" + colour + "\", fontcolor=\"" + colour + "\", penwidth=2.5";
}

std::string dot_drawing(const flow::Graph& graph, const Style&) {
  std::string text = "digraph " + dot_string(graph.flow_id) + " {\n  rankdir=LR;\n  label=" + dot_string(graph.title) +
                     ";\n  labelloc=t;\n  node [fontname=\"sans-serif\", fontsize=11];\n"
                     "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  for (std::size_t index = 0; index < graph.tasks.size(); ++index) {
    const flow::Task& task = graph.tasks[index];
    text += "  " + node_id(index) + " [label=" + dot_string(marked(task_label(task), task.mark)) +
            ", tooltip=" + dot_string(task.id) + ", " + std::string(dot_shape(task.kind)) + dot_colour(task.mark) +
            "];\n";
  }
  for (const flow::Edge& edge : graph.edges) {
    text += "  " + node_id(edge.from) + " -> " + node_id(edge.to) +
            " [label=" + dot_string(marked(edge.label, edge.mark)) + dot_colour(edge.mark) + "];\n";
  }
  return text + "}\n";
}

}  // namespace

Format dot_format() {
  Format format{.name = "dot", .summary = "a flow as a Graphviz graph"};
  format.graph = dot_drawing;
  return format;
}

}  // namespace flowship::report
