#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(Planning, WithoutALedgerEveryFlowIsNew) {
  Workshop workshop;
  workshop.write_flow("b", "b");
  workshop.write_flow("a", "a");
  workshop.commit();
  const Plan plan = workshop.plan();
  EXPECT_EQ(steps(plan), "a create added, b create added");
  EXPECT_FALSE(plan.base);
  EXPECT_EQ(plan.unchanged, 0);
}

TEST(Planning, PutsSubflowsFirstWhateverTheirNames) {
  Workshop workshop;
  workshop.write_flow("a", "a", "z");
  workshop.write_flow("z", "z");
  workshop.commit();
  const Plan plan = workshop.plan();
  EXPECT_EQ(steps(plan), "z create added, a create added");
  EXPECT_EQ(plan.changes[1].after, std::vector<std::string>{"z"});
}

TEST(Planning, ACycleOfSubflowsIsPlannedById) {
  Workshop workshop;
  workshop.write_flow("a", "a", "b");
  workshop.write_flow("b", "b", "a");
  workshop.commit();
  const Plan plan = workshop.plan();
  EXPECT_EQ(steps(plan), "a create added, b create added");
  EXPECT_EQ(plan.changes[1].after, std::vector<std::string>{"a"});
  EXPECT_TRUE(plan.warnings.empty());
}

TEST(Planning, ShowsWhatWasAddedChangedAndRemoved) {
  Workshop workshop;
  for (const char* id : {"kept", "changed", "removed"}) workshop.write_flow(id, id);
  workshop.commit();
  workshop.deploy();
  workshop.write_flow("changed", "another name");
  workshop.write_flow("added", "added");
  workshop.files().remove("removed.json");
  workshop.commit();
  const Plan plan = workshop.plan();
  EXPECT_EQ(steps(plan), "added create added, changed update changed");
  ASSERT_EQ(plan.left_behind.size(), 1U);
  EXPECT_EQ(plan.left_behind[0].removal.flow_id, "removed");
  EXPECT_EQ(plan.unchanged, 1);
}

TEST(Planning, AChangeOfFormAloneIsNoChange) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.commit();
  workshop.deploy();
  workshop.files().write("elsewhere/a.json",
                         R"({ "contents":{"tasks":{"end":{"next":{},"action":"loggedIn","type":"automated","name":"End",
    "id":"end"},"start":{"id":"start","name":"Start","next":{"rules":[{"interactionId":"","taskId":"end"}]}}},
    "startTask":"start"}, "references": {}, "screens": [], "metadata":{"name":"a", "description": ""},"flowId":"a"})");
  workshop.files().remove("a.json");
  workshop.commit();
  const Plan plan = workshop.plan();
  EXPECT_EQ(steps(plan), "");
  ASSERT_EQ(plan.reformatted.size(), 1U);
  EXPECT_EQ(plan.reformatted[0].deployed_paths, std::vector<std::string>{"a.json"});
}

TEST(Planning, RestrictsToTheNamedFlowsAndKeepsTheOthersApart) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.write_flow("b", "b");
  workshop.commit();
  const Plan plan = workshop.plan({"b"});
  EXPECT_EQ(steps(plan), "b create added");
  ASSERT_EQ(plan.left_out.size(), 1U);
  EXPECT_EQ(plan.left_out[0].flow_id, "a");
  EXPECT_THROW(workshop.plan({"c"}), Error);
}

TEST(Planning, ANewFlowWithTheIdOfAnUnchangedOneIsAnError) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.commit();
  workshop.deploy();
  for (const char* id : {"a", "A"}) {
    workshop.write_flow(id, id);
    workshop.files().git({"mv", "-f", "a.json", "kept.json"});
    workshop.write_flow(id, id);
    workshop.commit();
    EXPECT_GT(check::count(workshop.plan().findings).errors, 0) << id;
    workshop.files().git({"reset", "--quiet", "--hard", "HEAD~"});
  }
}

TEST(Planning, ChangedOverridesTouchTheFlowsThatTheyNameAlone) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.write_flow("b", "b");
  workshop.configure("");
  workshop.commit();
  workshop.deploy();
  workshop.configure(R"("set": {"a": {"/metadata/name": "other"}})");
  workshop.commit();
  EXPECT_EQ(steps(workshop.plan()), "a update config");
}

TEST(Planning, PlansTheDeletionsThatDeployCarriesOut) {
  Workshop workshop;
  workshop.configure(R"("prune": true, "protect": ["mine"])");
  workshop.deploy_flows({"free", "mine"});
  workshop.files().remove("free.json");
  workshop.files().remove("mine.json");
  workshop.commit();
  const Plan plan = workshop.plan();
  EXPECT_EQ(steps(plan), "free delete removed");
  ASSERT_EQ(plan.left_behind.size(), 1U);
  EXPECT_EQ(plan.left_behind[0].removal.flow_id, "mine");
  const DeployResult result = workshop.deploy();
  EXPECT_EQ(steps(result.plan), steps(plan));
  EXPECT_EQ(outcomes(result), "free deleted");
  EXPECT_EQ(result.deployment->left_behind, std::vector<std::string>{"mine"});
}

TEST(Planning, NothingIsDeletedBeyondTheLimit) {
  Workshop workshop;
  workshop.configure(R"("prune": true, "maxDeletes": 1)");
  workshop.deploy_flows({"a", "b"});
  workshop.files().remove("a.json");
  workshop.files().remove("b.json");
  workshop.write_flow("new", "new");
  workshop.commit();
  const Plan plan = workshop.plan();
  EXPECT_EQ(steps(plan), "new create added");
  EXPECT_EQ(plan.left_behind.size(), 2U);
  EXPECT_EQ(plan.warnings.size(), 2U);
  const DeployResult result = workshop.deploy();
  EXPECT_EQ(outcomes(result), "new deployed");
  EXPECT_TRUE(result.deployment->ok());
  EXPECT_EQ(result.deployment->left_behind, (std::vector<std::string>{"a", "b"}));
  DeployOptions options = workshop.options();
  options.request.max_deletes = 2;
  EXPECT_EQ(outcomes(workshop.deploy_with(options)), "a deleted, b deleted");
}

TEST(Planning, IsRefusedWhereADeployedFlowCannotBeReadWhateverTheRulesSay) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.write_flow("b", "b");
  workshop.commit();
  workshop.deploy();
  workshop.files().write("flowship.json",
                         R"({"rules": {"syntax": "off", "bad-flow-id": "off", "duplicate-flow-id": "off"}})");
  workshop.files().write("a.json", "{");
  workshop.commit();
  ASSERT_TRUE(workshop.plan().refusal);
  EXPECT_NE(workshop.plan().refusal->message().find("`a` was deployed, and can't be read"), std::string::npos);
  EXPECT_THROW(workshop.deploy(), Error);
  EXPECT_FALSE(workshop.plan({"b"}).refusal);
  workshop.write_flow("a", "a");
  workshop.write_flow("no id", "x");
  workshop.commit();
  EXPECT_NE(workshop.plan().refusal->message().find("is not a valid flow id"), std::string::npos);
}

TEST(Planning, TakesGlobsForFlows) {
  Workshop workshop;
  for (const char* id : {"mfa", "sign-in", "sign-up"}) workshop.write_flow(id, id);
  workshop.commit();
  EXPECT_EQ(steps(workshop.plan({"sign-*"})), "sign-in create added, sign-up create added");
  EXPECT_THROW(workshop.plan({"x*"}), Error);
}

}  // namespace
}  // namespace flowship::deploy
