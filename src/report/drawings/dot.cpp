// A flow's graph in the language of Graphviz.

#include "report/drawings/layout.hpp"
#include "report/writers.hpp"

namespace flowship::report {

namespace {

using flow::Mark;
using flow::TaskKind;

std::string dot_string(std::string_view text) {
  std::string result = "\"";
  for (const char character : cut_to(text, 60)) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + "\"";
}

std::string_view look_of(TaskKind kind) {
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

std::string colour_of(Mark mark) {
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

std::string node(std::size_t task) { return "t" + std::to_string(task); }

std::string drawing(const flow::Graph& graph, const Style&) {
  std::string text = "digraph " + dot_string(graph.flow_id) + " {\n  rankdir=LR;\n  label=" + dot_string(graph.title) +
                     ";\n  labelloc=t;\n  node [fontname=\"sans-serif\", fontsize=11];\n"
                     "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  for (std::size_t index = 0; index < graph.tasks.size(); ++index) {
    const flow::Task& task = graph.tasks[index];
    std::string title = task.title();
    if (task.kind == TaskKind::missing) title += " (no such task)";
    text += "  " + node(index) + " [label=" + dot_string(marked(title, task.mark)) +
            ", tooltip=" + dot_string(task.id) + ", " + std::string(look_of(task.kind)) + colour_of(task.mark) + "];\n";
  }
  for (const flow::Edge& edge : graph.edges) {
    text += "  " + node(edge.from) + " -> " + node(edge.to) + " [label=" + dot_string(marked(edge.label, edge.mark)) +
            colour_of(edge.mark) + "];\n";
  }
  return text + "}\n";
}

}  // namespace

Format dot_format() {
  Format format{.name = "dot", .summary = "a flow in the language of Graphviz"};
  format.graph = drawing;
  return format;
}

}  // namespace flowship::report
