#include "flow/graph/graph.hpp"

#include "flow/layouts/reading.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

using Lines = std::vector<std::string>;

/// A flow in exported layout.
Flow flow_of(const std::string& text) {
  const json::DocumentPtr document = json::Document::parse(text);
  return flow_of_export(document, document->root());
}

/// The tasks as `id second-id: kind name`.
Lines tasks(const Graph& graph) {
  Lines lines;
  for (const Task& task : graph.tasks) {
    lines.push_back(task.id + (task.second_id.empty() ? "" : " " + task.second_id) + ": " + kind_text(task) + " " +
                    task.title());
  }
  return lines;
}

/// The edges as `from > to: label`.
Lines edges(const Graph& graph) {
  Lines lines;
  for (const Edge& edge : graph.edges) {
    lines.push_back(graph.tasks[edge.from].id + " > " + graph.tasks[edge.to].id + ": " + edge.label);
  }
  return lines;
}

constexpr const char* kFlow = R"({"flowId": "sign-in", "metadata": {"name": " Sign in "}, "contents": {"startTask": "1",
  "tasks": {
    "start": {"id": "start", "name": "start", "next": {"rules": [{"interactionId": "", "taskId": "1"}]},
              "view": {"x": 1.5e1, "y": -2}},
    "1": {"id": "1", "name": "Welcome", "type": "screen", "screenId": "S1", "view": {"x": 100, "y": 0},
          "next": {"rules": [{"interactionId": "go", "taskId": "2"}, {"interactionId": "bare", "taskId": "3"},
                             {"interactionId": "resend", "taskId": "1"}]}},
    "2.end": {"id": "2.end", "name": "Passkey", "type": "automated", "action": "finish", "view": {"x": 2, "y": 3},
              "next": {"rules": [{"interactionId": "success", "taskId": "3"}]}},
    "2": {"id": "2", "name": "Passkey", "type": "automated", "action": "begin", "view": {"x": 2, "y": 3},
          "next": {"rules": [{"interactionId": "success", "taskId": "2.end"}]}},
    "3": {"id": "3", "type": "condition", "conditions": [{"interactionId": "c1", "name": "Risky "},
                                                         {"interactionId": "ELSE"}],
          "next": {"rules": [{"interactionId": "c1", "taskId": "4"}, {"interactionId": "ELSE", "taskId": "5"}]}},
    "4": {"id": "4", "name": "Step up", "type": "flow", "arguments": {"flowId": {"value": "step-up"}},
          "next": {"rules": [{"interactionId": "shared", "taskId": "5"}, {"interactionId": "other", "taskId": "9"}]}},
    "5": {"id": "5", "name": "Done", "type": "automated", "action": "logged-in",
          "next": {"rules": [{"interactionId": "success", "taskId": "1"}, {"interactionId": "Failed", "taskId": "9"}]}},
    "6": {"id": "6", "type": "hologram", "next": {}}}},
  "screens": [{"screenId": "S1", "interactions": [{"id": "go", "label": "Continue"}],
               "contents": {"bare": {"props": {"children": "No thanks"}}}}]})";

constexpr const char* kStepUp = R"({"flowId": "step-up", "metadata": {"sharedInteractions":
  [{"id": "shared", "label": "Stepped up"}]}, "contents": {}, "screens": []})";

TEST(Graph, CombinesTwoStepActions) {
  const Graph graph = graph_of(flow_of(kFlow));
  EXPECT_EQ(graph.flow_id, "sign-in");
  EXPECT_EQ(graph.title, "Sign in");
  EXPECT_EQ(tasks(graph),
            (Lines{"start: start start", "1: screen Welcome", "2 2.end: action · begin Passkey", "3: condition 3",
                   "4: flow · step-up Step up", "5: action · logged-in Done", "6: hologram 6", "9: no such task 9"}));
  EXPECT_EQ(graph.tasks[1].screen_id, "S1");
  EXPECT_EQ(graph.start, 1U);
  EXPECT_EQ(graph.find("2.end"), 2U);
  EXPECT_EQ(graph.find(""), std::nullopt);
}

TEST(Graph, LabelsEdgesWithWhatPeopleSee) {
  const Flow step_up = flow_of(kStepUp);
  const Graph graph =
      graph_of(flow_of(kFlow), [&](const std::string& id) { return id == "step-up" ? &step_up : nullptr; });
  EXPECT_EQ(edges(graph),
            (Lines{"start > 1: ", "1 > 2: Continue", "1 > 3: No thanks", "1 > 1: resend", "2 > 3: ", "3 > 4: Risky",
                   "3 > 5: Else", "4 > 5: Stepped up", "4 > 9: other", "5 > 1: success", "5 > 9: Failed"}));
  EXPECT_EQ(edges(graph_of(flow_of(kFlow)))[7], "4 > 5: shared");
}

TEST(Graph, HasPositionsIfTheyAreNumbers) {
  const Graph graph = graph_of(flow_of(kFlow));
  ASSERT_TRUE(graph.tasks[0].position);
  EXPECT_EQ(graph.tasks[0].position->x, 15);
  EXPECT_EQ(graph.tasks[0].position->y, -2);
  EXPECT_FALSE(graph.tasks[3].position);
  for (const char* view : {"1", "{}", R"({"x": "1", "y": 2})", R"({"x": 1e999, "y": 2})", R"({"x": 1})"}) {
    const Graph odd = graph_of(flow_of(R"({"contents": {"tasks": {"1": {"view": )" + std::string(view) + "}}}}"));
    ASSERT_EQ(odd.tasks.size(), 1U);
    EXPECT_FALSE(odd.tasks[0].position) << view;
  }
}

TEST(Graph, KeepsADistantSecondStepSeparate) {
  const Graph graph = graph_of(flow_of(R"({"contents": {"tasks": {
    "1": {"type": "automated", "view": {"x": 1, "y": 1}, "next": {"rules": [{"taskId": "1.end"}]}},
    "1.end": {"type": "automated", "view": {"x": 9, "y": 1}}}}})"));
  EXPECT_EQ(graph.tasks.size(), 2U);
  EXPECT_EQ(edges(graph), (Lines{"1 > 1.end: "}));
}

TEST(Graph, LinksTheTasksOfATwoStepActionThatAreDrawnApart) {
  const Graph graph = graph_of(flow_of(R"({"contents": {"tasks": {
    "1": {"type": "automated", "arguments": {"finishStepId": {"value": "1.end"}}, "view": {"x": 1, "y": 1}},
    "1.end": {"type": "automated", "view": {"x": 9, "y": 1}},
    "2": {"type": "automated", "arguments": {"verifyStepId": {"value": "3"}, "exchangeStepId": {"value": "none"}}},
    "3": {"type": "automated", "arguments": {"verifyStepId": {"value": "4"}}, "next": {"rules": [{"taskId": "4"}]}},
    "4": {"type": "automated"}}}})"));
  EXPECT_EQ(edges(graph), (Lines{"1 > 1.end: ", "2 > 3: ", "3 > 4: "}));
}

TEST(Graph, ToleratesMalformedContents) {
  EXPECT_TRUE(graph_of(Flow()).tasks.empty());
  for (const char* contents :
       {"null", "[]", R"({"tasks": []})", R"({"startTask": 1, "tasks": {"": null, "1": 7}})",
        R"({"tasks": {".end": {"next": {"rules": [null, 1, {"taskId": 5}, {"taskId": ""}]}}}})",
        R"({"tasks": {"1": {"type": "flow", "next": {"rules": [{"interactionId": "x", "taskId": "1"}]}}}})"}) {
    EXPECT_NO_THROW(graph_of(flow_of(R"({"contents": )" + std::string(contents) + "}"))) << contents;
  }
}

}  // namespace
}  // namespace flowship::flow
