// A flow's graph for Graphviz.

#include "report/drawings/layout.hpp"
#include "report/writers.hpp"

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
  switch (kind) {
    case TaskKind::entry:
      return "shape=oval";
    case TaskKind::screen:
      return "shape=box";
    case TaskKind::action:
      return "shape=box, style=rounded";
    case TaskKind::condition:
      return "shape=hexagon";
    case TaskKind::subflow:
      return "shape=box, peripheries=2";
    case TaskKind::other:
      return "shape=parallelogram";
    case TaskKind::missing:
      return "shape=box, style=dashed";
  }
  return "shape=box";
}

std::string_view dot_colour(Mark mark) {
  switch (mark) {
    case Mark::none:
      return "";
    case Mark::added:
      return ", color=\"#15803d\", fontcolor=\"#15803d\", penwidth=2.5";
    case Mark::changed:
      return ", color=\"#b45309\", fontcolor=\"#b45309\", penwidth=2.5";
    case Mark::removed:
      return ", color=\"#be123c\", fontcolor=\"#be123c\", penwidth=2.5";
  }
  return "";
}

std::string dot_drawing(const flow::Graph& graph, const Style&) {
  std::string text = "digraph " + dot_string(graph.flow_id) + " {\n  rankdir=LR;\n  label=" + dot_string(graph.title) +
                     ";\n  labelloc=t;\n  node [fontname=\"sans-serif\", fontsize=11];\n"
                     "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  for (std::size_t index = 0; index < graph.tasks.size(); ++index) {
    const flow::Task& task = graph.tasks[index];
    text += "  " + node_id(index) + " [label=" + dot_string(marked(task_label(task), task.mark)) +
            ", tooltip=" + dot_string(task.id) + ", " + std::string(dot_shape(task.kind)) +
            std::string(dot_colour(task.mark)) + "];\n";
  }
  for (const flow::Edge& edge : graph.edges) {
    text += "  " + node_id(edge.from) + " -> " + node_id(edge.to) +
            " [label=" + dot_string(marked(edge.label, edge.mark)) + std::string(dot_colour(edge.mark)) + "];\n";
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
