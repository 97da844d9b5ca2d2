#include "report/masking.hpp"

#include "check/rules/secrets.hpp"

namespace flowship::report {

flow::Graph with_secrets_masked(flow::Graph graph) {
  graph.title = check::with_message_masked(graph.title);
  for (flow::Task& task : graph.tasks) {
    for (std::string* text :
         {&task.id, &task.second_id, &task.name, &task.type, &task.screen_id, &task.action, &task.subflow_id}) {
      *text = check::with_message_masked(*text);
    }
  }
  for (flow::Edge& edge : graph.edges) {
    edge.interaction = check::with_secrets_masked(edge.interaction);
    edge.label = check::with_message_masked(edge.label);
  }
  return graph;
}

}  // namespace flowship::report
