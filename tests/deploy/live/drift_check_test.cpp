#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

Plan checked_plan(const Workshop& workshop, const DeployOptions& options) {
  return workshop.in_workspace([&](Workspace& workspace, const Context& context) {
    Plan plan = deploy::plan(workspace, options.request, context.variables);
    check_drift(workspace, options, context, plan);
    return plan;
  });
}

TEST(CheckDrift, LooksAtEveryDeployedFlowAndDecidesAboutThePlansOwn) {
  Workshop workshop;
  workshop.deploy_flows({"changed", "edited", "gone", "kept"});
  workshop.write_flow("changed", "new");
  workshop.commit();
  workshop.edit_in_console("edited", "by hand");
  workshop.delete_in_console("gone");
  Plan plan = checked_plan(workshop, workshop.options());
  ASSERT_EQ(plan.drift->size(), 2U);
  EXPECT_EQ(plan.drift->at(0).flow_id, "edited");
  EXPECT_EQ(plan.drift->at(0).state(), "drifted");
  EXPECT_EQ(plan.drift->at(1).flow_id, "gone");
  EXPECT_EQ(plan.drift->at(1).state(), "missing");
  ASSERT_EQ(plan.changes.size(), 1U);
  EXPECT_EQ(plan.changes[0].treatment, Treatment::send);
  EXPECT_FALSE(plan.stopped_by_drift);
  workshop.edit_in_console("changed", "by hand");
  plan = checked_plan(workshop, workshop.options());
  EXPECT_TRUE(plan.stopped_by_drift);
  EXPECT_EQ(plan.changes[0].treatment, Treatment::leave);
}

TEST(CheckDrift, IsRestrictedToTheFlowsThatAreNamed) {
  Workshop workshop;
  workshop.deploy_flows({"a", "b"});
  workshop.edit_in_console("a", "by hand");
  workshop.edit_in_console("b", "by hand");
  DeployOptions options = workshop.options();
  options.request.flows = {"b"};
  const Plan plan = checked_plan(workshop, options);
  ASSERT_EQ(plan.drift->size(), 1U);
  EXPECT_EQ(plan.drift->at(0).flow_id, "b");
}

}  // namespace
}  // namespace flowship::deploy
