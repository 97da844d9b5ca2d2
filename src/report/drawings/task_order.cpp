#include "report/drawings/task_order.hpp"

#include <algorithm>

namespace flowship::report {

std::vector<std::size_t> task_order(const flow::Graph& graph) {
  std::vector<std::size_t> order;
  std::vector<bool> is_listed(graph.tasks.size());
  const auto list = [&](std::size_t task) {
    if (is_listed[task]) return;
    is_listed[task] = true;
    order.push_back(task);
  };
  std::size_t next = 0;
  const auto follow = [&] {
    for (; next < order.size(); ++next) {
      for (const flow::Edge& edge : edges_from(graph, order[next])) list(edge.to);
    }
  };
  for (std::size_t task = 0; task < graph.tasks.size(); ++task) {
    if (graph.tasks[task].kind == flow::TaskKind::entry) list(task);
  }
  if (graph.start) list(*graph.start);
  follow();
  for (std::size_t task = 0; task < graph.tasks.size(); ++task) {
    list(task);
    follow();
  }
  return order;
}

std::vector<flow::Edge> edges_from(const flow::Graph& graph, std::size_t task) {
  const auto first = std::lower_bound(graph.edges.begin(), graph.edges.end(), task,
                                      [](const flow::Edge& edge, std::size_t from) { return edge.from < from; });
  const auto last = std::find_if(first, graph.edges.end(), [&](const flow::Edge& edge) { return edge.from != task; });
  return {first, last};
}

}  // namespace flowship::report
