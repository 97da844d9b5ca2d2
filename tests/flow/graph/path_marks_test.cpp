#include "flow/graph/path_marks.hpp"

#include "flow/layouts/layouts.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

TEST(PathMarks, AreOnTheEdgesOfThePathAndOnWhatItGoesAround) {
  const json::DocumentPtr document = json::Document::parse(R"({"flowId": "f", "contents": {"startTask": "1", "tasks": {
    "1": {"id": "1", "type": "automated", "action": "loadUser", "next": {"rules": [
      {"interactionId": "ask", "taskId": "2"}, {"interactionId": "skip", "taskId": "3"}]}},
    "2": {"id": "2", "type": "automated", "action": "verify-code-otp-email", "next": {"rules": [{"taskId": "3"}]}},
    "3": {"id": "3", "type": "automated", "action": "logged-in"}}}})");
  const Flow flow = flow_of_export(document, document->root());
  Graph graph = graph_of(flow);
  mark_path(graph, {{"f", "1", "", "skip"}, {"inner", "1", "", "x"}, {"f", "3", "", std::nullopt}}, "otp-email");
  std::string marked;
  for (const Edge& edge : graph.edges) {
    if (edge.on_path) marked += graph.tasks[edge.from].id + ">" + graph.tasks[edge.to].id + " ";
  }
  EXPECT_EQ(marked, "1>3 ");
  std::string avoided;
  for (const Task& task : graph.tasks) avoided += task.is_avoided ? task.id : "";
  EXPECT_EQ(avoided, "2");
}

}  // namespace
}  // namespace flowship::flow
