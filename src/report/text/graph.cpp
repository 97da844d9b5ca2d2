#include "base/text/printable.hpp"
#include "report/text/text.hpp"

namespace flowship::report {

std::string graph_text(const flow::Graph& graph, const Style& style) {
  std::string text = painted(printable(graph.title), Colour::bold, style) + " (" + printable(graph.flow_id) +
                     "): " + pluralize(graph.tasks.size(), "task") + "\n";
  auto edge = graph.edges.begin();
  for (std::size_t index = 0; index < graph.tasks.size(); ++index) {
    const flow::Task& task = graph.tasks[index];
    text += "\n" + painted(printable(task.title()), Colour::bold, style) + " " +
            painted("(" + printable(task.id) + ", " + printable(flow::kind_text(task)) + ")", Colour::dim, style) +
            "\n";
    for (; edge != graph.edges.end() && edge->from == index; ++edge) {
      text += "  → " + printable(graph.tasks[edge->to].title());
      if (!edge->label.empty()) text += painted(" on “" + printable(edge->label) + "”", Colour::dim, style);
      text += "\n";
    }
  }
  return text;
}

}  // namespace flowship::report
