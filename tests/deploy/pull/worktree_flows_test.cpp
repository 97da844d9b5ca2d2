#include "deploy/pull/worktree_flows.hpp"

#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

template <typename Work>
void in_worktree(const Workshop& workshop, Work work) {
  workshop.in_workspace(
      [&](Workspace& workspace, const Context&) { work(WorktreeFlows(workspace, workspace.ledger.head())); }, true);
}

TEST(WorktreeFlows, FindsWhatLiesThereUncommittedToo) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.commit();
  workshop.write_flow("b", "b");
  in_worktree(workshop, [](const WorktreeFlows& flows) {
    EXPECT_EQ(flows.find("a")->source.path, "a.json");
    EXPECT_TRUE(flows.find("b"));
    EXPECT_EQ(flows.find("c"), nullptr);
  });
}

TEST(WorktreeFlows, AnIdInTwoPlacesIsAnError) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.commit();
  workshop.files().write("copy.json", workshop.files().git({"show", "HEAD:a.json"}));
  in_worktree(workshop, [](const WorktreeFlows& flows) { EXPECT_THROW(flows.find("a"), Error); });
}

TEST(WorktreeFlows, AFileThatIsNotJsonIsNotARemovedFlow) {
  Workshop workshop;
  workshop.write_flow("b", "b");
  workshop.commit();
  workshop.files().git({"mv", "b.json", "moved.json"});
  workshop.deploy_flows({"a"});
  for (const char* file : {"a.json", "moved.json"}) workshop.files().write(file, "{\n  \"flowId\": }\n");
  in_worktree(workshop, [](const WorktreeFlows& flows) {
    for (const char* id : {"a", "b"}) {
      EXPECT_EQ(flows.find(id), nullptr);
      try {
        flows.find_whole(id);
        FAIL() << id;
      } catch (const Error& error) {
        EXPECT_NE(error.message().find(".json:2:13: "), std::string::npos) << error.message();
        EXPECT_FALSE(error.hint().empty());
      }
    }
    EXPECT_EQ(flows.find_whole("c"), nullptr);
  });
}

TEST(WorktreeFlows, ANewFlowGoesBesideOthersOfItsLayout) {
  Workshop workshop;
  for (const char* file : {"x/a.json", "y/b.json", "y/c.json"}) {
    const std::string id(1, std::string(file)[2]);
    workshop.files().write(file, R"({"flowId": ")" + id + R"(", "metadata": {}, "contents": {"startTask": "s"}})");
  }
  workshop.commit();
  in_worktree(workshop, [](const WorktreeFlows& flows) {
    EXPECT_EQ(flows.new_place("new", flow::Layout::exported), "y/new.json");
    EXPECT_EQ(flows.new_place("new", flow::Layout::snapshot), "ProjectSnapshot/flows/new");
  });
}

TEST(WorktreeFlows, ANewFlowGoesIntoTheFirstSourceThatIsAFolder) {
  Workshop workshop;
  workshop.files().write("flowship.json", R"({"sources": ["a.json", "flows/"], "environments": {"default": {}}})");
  workshop.commit();
  in_worktree(workshop, [](const WorktreeFlows& flows) {
    EXPECT_EQ(flows.new_place("new", flow::Layout::snapshot), "flows/new");
  });
  workshop.files().write("flowship.json", R"({"sources": ["a.json"], "environments": {"default": {}}})");
  in_worktree(workshop,
              [](const WorktreeFlows& flows) { EXPECT_THROW(flows.new_place("new", flow::Layout::snapshot), Error); });
}

}  // namespace
}  // namespace flowship::deploy
