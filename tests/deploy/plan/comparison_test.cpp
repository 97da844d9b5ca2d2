#include "deploy/plan/comparison.hpp"

#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

std::string ids(const flow::Reading& reading) {
  std::string text;
  for (const flow::Flow& flow : reading.flows) text += (text.empty() ? "" : " ") + flow.id;
  return text;
}

Comparison compared(const Workshop& workshop, ReadFlows flows = ReadFlows::changed, bool of_worktree = false) {
  return workshop.in_workspace(
      [&](Workspace& workspace, const Context&) { return compare(workspace, workspace.ledger.head(), flows); },
      of_worktree);
}

TEST(Compare, ReadsWhatDiffersFromBothSides) {
  Workshop workshop;
  workshop.deploy_flows({"changed", "gone", "kept"});
  workshop.write_flow("changed", "new");
  workshop.write_flow("added", "added");
  workshop.files().remove("gone.json");
  workshop.commit();
  const Comparison comparison = compared(workshop);
  EXPECT_EQ(ids(comparison.before), "changed gone");
  EXPECT_EQ(ids(comparison.after), "added changed");
}

TEST(Compare, BeforeTheFirstDeploymentEverythingIsNew) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.commit();
  const Comparison comparison = compared(workshop);
  EXPECT_EQ(ids(comparison.before), "");
  EXPECT_EQ(ids(comparison.after), "a");
}

TEST(Compare, ReadsEverythingWhereThatIsAskedFor) {
  Workshop workshop;
  workshop.deploy_flows({"a", "b"});
  const Comparison comparison = compared(workshop, ReadFlows::all);
  EXPECT_EQ(ids(comparison.before), "a b");
  EXPECT_EQ(ids(comparison.after), "a b");
  EXPECT_EQ(ids(compared(workshop).before), "");
}

TEST(Compare, SeesTheWorkingTreeAsItLiesThere) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.write_flow("uncommitted", "x");
  EXPECT_EQ(ids(compared(workshop, ReadFlows::changed, true).after), "a uncommitted");
  EXPECT_EQ(ids(compared(workshop).after), "");
}

TEST(Compare, LooksEverywhereOnceTheSourcesWereMoved) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.files().write("flowship.json", R"({"sources": ["elsewhere"], "environments": {"default": {}}})");
  workshop.commit();
  const Comparison comparison = compared(workshop);
  EXPECT_EQ(ids(comparison.before), "a") << "what lies outside of the sources now is no longer wanted";
  EXPECT_EQ(ids(comparison.after), "");
}

}  // namespace
}  // namespace flowship::deploy
