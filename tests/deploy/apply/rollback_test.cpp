#include "deploy/apply/rollback.hpp"

#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

/// Puts back what the newest deployment replaced: the concerned flows, and the plan that does it.
std::pair<std::vector<std::string>, std::string> undone(const Workshop& workshop) {
  return workshop.in_workspace([&](Workspace& workspace, const Context&) {
    const LedgerEntry entry = *workspace.ledger.head();
    std::vector<std::string> concerned = use_before(workspace, entry);
    EXPECT_TRUE(workspace.from_ledger);
    EXPECT_EQ(workspace.kind, DeploymentKind::rollback);
    PlanRequest request;
    request.flows = concerned;
    request.prune = true;
    return std::pair(concerned, steps(make_plan(workspace, entry, "P2test", request)));
  });
}

TEST(UseBefore, PutsBackWhatWasChangedAndTakesAwayWhatWasCreated) {
  Workshop workshop;
  workshop.deploy_flows({"a", "kept"});
  workshop.write_flow("a", "new");
  workshop.deploy_flows({"created"});
  const auto [concerned, plan] = undone(workshop);
  EXPECT_EQ(concerned, (std::vector<std::string>{"a", "created"}));
  EXPECT_EQ(plan, "a update changed, created delete removed");
}

TEST(UseBefore, PutsBackAConsoleEditThatWasOverwritten) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.edit_in_console("a", "by hand");
  workshop.commit_flow("a", "new");
  DeployOptions options = workshop.options();
  options.request.on_drift = OnDrift::overwrite;
  workshop.deploy_with(options);
  workshop.in_workspace([&](Workspace& workspace, const Context&) {
    const LedgerEntry entry = *workspace.ledger.head();
    use_before(workspace, entry);
    const Plan plan = make_plan(workspace, entry, "P2test", {});
    ASSERT_EQ(plan.changes.size(), 1U);
    EXPECT_EQ(flow::find(plan.changes[0].flow->metadata, "name")->value.string(), "by hand");
    EXPECT_TRUE(plan.changes[0].exact);
  });
}

}  // namespace
}  // namespace flowship::deploy
