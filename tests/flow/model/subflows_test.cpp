#include "flow/model/subflows.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

using Ids = std::vector<std::string>;

Flow flow_with_contents(const std::string& contents) {
  Flow flow;
  flow.documents.push_back(json::Document::parse(contents));
  flow.contents = flow.documents.front()->root();
  return flow;
}

TEST(SubflowUses, AreTasksOfTypeFlow) {
  const Flow flow = flow_with_contents(R"({"tasks": {
    "1": {"type": "flow", "arguments": {"flowId": {"value": "mfa"}}},
    "2": {"type": "screen", "arguments": {"flowId": {"value": "not-used"}}},
    "3": {"type": "flow", "arguments": {}},
    "4": {"type": "flow", "arguments": {"flowId": {"value": 7}}},
    "5": {"type": "flow", "arguments": {"flowId": {"value": "step-up"}}}}})");
  const auto uses = subflow_uses(flow);
  ASSERT_EQ(uses.size(), 2U);
  EXPECT_EQ(uses[0].flow_id, "mfa");
  EXPECT_EQ(uses[0].task_id, "1");
  EXPECT_EQ(uses[0].at.position().line, 2);
  EXPECT_EQ(uses[1].flow_id, "step-up");
  EXPECT_EQ(uses[1].task_id, "5");
}

TEST(SubflowUses, TolerateMalformedContents) {
  EXPECT_TRUE(subflow_uses(Flow()).empty());
  for (const char* contents : {"null", "[]", R"({"tasks": []})", R"({"tasks": {"1": null, "2": {"type": 1}}})",
                               R"({"tasks": {"1": {"type": "flow", "arguments": [1]}}})"}) {
    EXPECT_TRUE(subflow_uses(flow_with_contents(contents)).empty()) << contents;
  }
}

TEST(SubflowOrder, PutsSubflowsFirstThenSortsById) {
  const auto order = subflow_order({{"a", {"z"}}, {"b", {}}, {"c", {"a", "elsewhere"}}, {"z", {}}});
  EXPECT_EQ(order.ids, (Ids{"b", "z", "a", "c"}));
  EXPECT_TRUE(order.cycles.empty());
}

TEST(SubflowOrder, ReportsCyclesAndSortsTheRest) {
  const auto order = subflow_order({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b", "d"}}, {"d", {}}, {"e", {"e"}}});
  EXPECT_EQ(order.ids, (Ids{"d", "b", "c", "a", "e"}));
  EXPECT_EQ(order.cycles, (std::vector<Ids>{{"b", "c"}, {"e"}}));
}

TEST(SubflowOrder, HandlesVeryLongChains) {
  SubflowGraph graph;
  const auto name = [](int number) { return "flow-" + std::to_string(100000 + number); };
  constexpr int kLength = 50000;
  for (int i = 0; i < kLength; ++i) graph[name(i)] = {name(i + 1)};
  const auto order = subflow_order(graph);
  ASSERT_EQ(order.ids.size(), std::size_t{kLength});
  EXPECT_EQ(order.ids.front(), name(kLength - 1));
  EXPECT_EQ(order.ids.back(), name(0));
}

TEST(SubflowOrder, IsEmptyWithoutFlows) {
  EXPECT_TRUE(subflow_order({}).ids.empty());
  EXPECT_TRUE(subflow_order({}).cycles.empty());
}

}  // namespace
}  // namespace flowship::flow
