#include "report/assembly.hpp"
#include "report/writers.hpp"

namespace flowship::report {

namespace {

Object::Ptr task_object(const flow::Task& task) {
  Object::Ptr object = json_object();
  object->set("id", json_string(task.id));
  object->set("kind", std::string(flow::to_text(task.kind)));
  object->set("name", json_string_or_null(task.name));
  object->set("secondId", json_string_or_null(task.second_id));
  object->set("screenId", json_string_or_null(task.screen_id));
  object->set("action", json_string_or_null(task.action));
  object->set("subflow", json_string_or_null(task.subflow_id));
  return object;
}

}  // namespace

std::string graph_json(const flow::Graph& graph, const Style&) {
  Object::Ptr root = json_object();
  root->set("ok", true);
  root->set("flowId", json_string(graph.flow_id));
  root->set("name", json_string(graph.title));
  Array::Ptr tasks = json_array();
  for (const flow::Task& task : graph.tasks) tasks->add(task_object(task));
  root->set("tasks", tasks);
  Array::Ptr edges = json_array();
  for (const flow::Edge& edge : graph.edges) {
    Object::Ptr object = json_object();
    object->set("from", json_string(graph.tasks[edge.from].id));
    object->set("to", json_string(graph.tasks[edge.to].id));
    object->set("interaction", json_string_or_null(edge.interaction));
    object->set("label", json_string_or_null(edge.label));
    edges->add(object);
  }
  root->set("edges", edges);
  return document_text(root);
}

}  // namespace flowship::report
