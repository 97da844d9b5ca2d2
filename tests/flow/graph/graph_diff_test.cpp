#include "flow/graph/graph_diff.hpp"

#include "flow/layouts/reading.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace flowship::flow {
namespace {

Flow flow_of(const std::string& text) {
  const auto document = json::Document::parse(text);
  return flow_of_export(document, document->root());
}

const std::string kBefore = R"({"contents": {"tasks": {
  "1": {"type": "screen", "screenId": "S", "next": {"rules": [{"interactionId": "go", "taskId": "2"}]}},
  "2": {"type": "automated", "next": {"rules": [{"interactionId": "ok", "taskId": "4"}]}},
  "4": {"type": "automated", "view": {"x": 1, "y": 1}, "next": {}}}},
  "screens": [{"screenId": "S", "contents": {"a": {"props": {"children": "Hi"}}}}]})";
const std::string kAfter = R"({"contents": {"tasks": {
  "1": {"type": "screen", "screenId": "S", "next": {"rules": [{"interactionId": "go", "taskId": "3"}]}},
  "3": {"type": "automated", "next": {"rules": [{"interactionId": "ok", "taskId": "4"}]}},
  "4": {"type": "automated", "view": {"x": 1, "y": 9}, "next": {}}}},
  "screens": [{"screenId": "S", "contents": {"a": {"props": {"children": "Hello"}}}}]})";

std::map<std::string, Mark> marks_of(const Graph& graph) {
  std::map<std::string, Mark> marks;
  for (const Task& task : graph.tasks) marks.emplace(task.id, task.mark);
  for (const Edge& edge : graph.edges) {
    marks.emplace(graph.tasks[edge.from].id + " to " + graph.tasks[edge.to].id, edge.mark);
  }
  return marks;
}

TEST(GraphDiff, MarksAddedRemovedAndChanged) {
  const Flow before = flow_of(kBefore);
  const Flow after = flow_of(kAfter);
  const GraphDiff graphs = graph_diff(before, after, describe(before, after));
  // A task that only moved on the canvas is none that changed.
  EXPECT_EQ(marks_of(graphs.before), (std::map<std::string, Mark>{{"1", Mark::changed},
                                                                  {"2", Mark::removed},
                                                                  {"4", Mark::none},
                                                                  {"1 to 2", Mark::removed},
                                                                  {"2 to 4", Mark::removed}}));
  EXPECT_EQ(marks_of(graphs.after), (std::map<std::string, Mark>{{"1", Mark::changed},
                                                                 {"3", Mark::added},
                                                                 {"4", Mark::none},
                                                                 {"1 to 3", Mark::added},
                                                                 {"3 to 4", Mark::added}}));
  auto both = marks_of(graphs.after);
  both.insert({{"2", Mark::removed}, {"1 to 2", Mark::removed}, {"2 to 4", Mark::removed}});
  EXPECT_EQ(marks_of(merged(graphs)), both);
}

TEST(GraphDiff, MarksNothingInEqualFlows) {
  const Flow flow = flow_of(kBefore);
  for (const auto& [what, mark] : marks_of(merged(graph_diff(flow, flow, {})))) EXPECT_EQ(mark, Mark::none) << what;
}

}  // namespace
}  // namespace flowship::flow
