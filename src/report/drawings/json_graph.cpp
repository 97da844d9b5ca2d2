#include "json/assembly.hpp"
#include "report/writers.hpp"

namespace flowship::report {

namespace {

json::Text task_text(const flow::Task& task) {
  return json::object({
      {"id", task.id},
      {"kind", flow::to_text(task.kind)},
      {"name", json::string_or_null(task.name)},
      {"secondId", json::string_or_null(task.second_id)},
      {"screenId", json::string_or_null(task.screen_id)},
      {"action", json::string_or_null(task.action)},
      {"subflow", json::string_or_null(task.subflow_id)},
  });
}

}  // namespace

std::string graph_json(const flow::Graph& graph, const Style&) {
  const auto edge_text = [&](const flow::Edge& edge) {
    return json::object({
        {"from", graph.tasks[edge.from].id},
        {"to", graph.tasks[edge.to].id},
        {"interaction", json::string_or_null(edge.interaction)},
        {"label", json::string_or_null(edge.label)},
    });
  };
  return json::document_text(json::object({
      {"schemaVersion", 1},
      {"ok", true},
      {"flowId", graph.flow_id},
      {"name", graph.title},
      {"tasks", json::array(graph.tasks, task_text)},
      {"edges", json::array(graph.edges, edge_text)},
  }));
}

}  // namespace flowship::report
