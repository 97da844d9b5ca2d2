#include "report/drawings/mermaid.hpp"

// A flow's graph as a Mermaid flowchart, for Markdown.

#include "report/drawings/layout.hpp"
#include "report/text/text.hpp"
#include "report/writers.hpp"

#include <algorithm>
#include <array>

namespace flowship::report {

namespace {

using flow::Mark;
using flow::TaskKind;

// Below Mermaid's limits of 500 edges and 50,000 characters.
constexpr std::size_t kMostEdges = 480;
constexpr std::size_t kLongest = 45'000;

/// `text` in Mermaid's quotes. Whatever could end them or begin Markdown, a directive or an entity becomes an entity.
std::string mermaid_string(std::string_view text) {
  std::string result = "\"";
  for (const char character : cut_to(text, kLabelWidth)) {
    constexpr std::string_view kSpecial = "\"#&<>`%\\|;";
    if (kSpecial.find(character) == std::string_view::npos) {
      result += character;
    } else {
      result += "#" + std::to_string(static_cast<unsigned char>(character)) + ";";
    }
  }
  return result + "\"";
}

/// A path that is newly open, and what it goes around.
constexpr std::string_view kOpenPath = "#c2410c";

struct Shape {
  std::string_view open;
  std::string_view close;
};

Shape shape_of(TaskKind kind) {
  // In the order of TaskKind.
  constexpr std::array<Shape, 7> kShapes{
      {{"([", "])"}, {"[", "]"}, {"(", ")"}, {"{{", "}}"}, {"[[", "]]"}, {"[/", "/]"}, {">", "]"}}};
  return kShapes.at(static_cast<std::size_t>(kind));
}

std::string mermaid_style(Mark mark) {
  return "stroke:" + std::string(colour_of(mark)) + ",stroke-width:3px" +
         (mark == Mark::removed ? ",stroke-dasharray:6 4" : "");
}

std::string mermaid_task(const flow::Task& task, std::size_t index) {
  const Shape shape = shape_of(task.kind);
  std::string line =
      "  " + node_id(index) + std::string(shape.open) + mermaid_string(marked(task_label(task), task.mark));
  line += shape.close;
  if (task.mark != Mark::none) line += ":::" + std::string(flow::to_text(task.mark));
  return line + "\n";
}

std::string mermaid_edge(const flow::Edge& edge) {
  const std::string label = marked(edge.label, edge.mark);
  std::string line = "  " + node_id(edge.from) + " -->";
  if (!label.empty()) line += "|" + mermaid_string(label) + "|";
  return line + " " + node_id(edge.to) + "\n";
}

}  // namespace

std::string mermaid_drawing(const flow::Graph& graph) {
  std::string text = "flowchart LR\n";
  std::size_t tasks = 0;
  while (tasks < graph.tasks.size() && text.size() < kLongest / 2) {
    text += mermaid_task(graph.tasks[tasks], tasks);
    if (graph.tasks[tasks].is_avoided) {
      text += "  style " + node_id(tasks) + " stroke:" + std::string(kOpenPath) +
              ",stroke-width:3px,stroke-dasharray:3 3\n";
    }
    ++tasks;
  }
  std::string styles;
  std::size_t edges = 0;
  for (const flow::Edge& edge : graph.edges) {
    if (edges == kMostEdges || text.size() + styles.size() > kLongest) break;
    if (edge.from >= tasks || edge.to >= tasks) continue;
    text += mermaid_edge(edge);
    if (edge.on_path) {
      styles += "  linkStyle " + std::to_string(edges) + " stroke:" + std::string(kOpenPath) + ",stroke-width:6px\n";
    } else if (edge.mark != Mark::none) {
      styles += "  linkStyle " + std::to_string(edges) + " " + mermaid_style(edge.mark) + "\n";
    }
    ++edges;
  }
  if (tasks < graph.tasks.size() || edges < graph.edges.size()) {
    text += "  cut[" +
            mermaid_string("not shown: " + pluralize(graph.tasks.size() - tasks, "task") + ", " +
                           pluralize(graph.edges.size() - edges, "transition")) +
            "]\n";
  }
  for (const Mark mark : {Mark::added, Mark::changed, Mark::removed}) {
    const bool is_used =
        std::any_of(graph.tasks.begin(), graph.tasks.end(), [&](const flow::Task& task) { return task.mark == mark; });
    if (!is_used) continue;
    text += "  classDef " + std::string(flow::to_text(mark)) + " " + mermaid_style(mark) + "\n";
  }
  return text + styles;
}

Format mermaid_format() {
  Format format{.name = "mermaid", .summary = "a flow as a Mermaid flowchart, for Markdown"};
  format.graph = [](const flow::Graph& graph, const Style&) { return mermaid_drawing(graph); };
  format.paths = [](const PathList& list, const Style&) { return mermaid_drawing(list.graph); };
  return format;
}

}  // namespace flowship::report
