#include "deploy/apply/deploy.hpp"

#include "base/error.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace flowship::deploy {
namespace {

TEST(Deploying, SendsRecordsAndThenHasNothingToDo) {
  Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.write_flow("b", "b", "a");
  workshop.commit();
  const DeployResult first = workshop.deploy();
  EXPECT_EQ(outcomes(first), "a deployed, b deployed");
  ASSERT_TRUE(first.deployment->record);
  EXPECT_EQ(workshop.record().phase, Phase::result);
  EXPECT_EQ(workshop.record().total, 2);
  EXPECT_EQ(workshop.files().git({"show", "refs/flowship/default:deployed/a.json"}),
            workshop.files().git({"show", "HEAD:a.json"}));
  const DeployResult second = workshop.deploy();
  EXPECT_EQ(outcomes(second), "");
  EXPECT_FALSE(second.deployment->record);
}

TEST(Deploying, AnInvalidFlowBeginsNothing) {
  Workshop workshop;
  workshop.files().write("a.json", R"({"flowId": "../a", "metadata": {}, "contents": {"startTask": "s"}})");
  workshop.commit();
  EXPECT_EQ(outcomes(workshop.deploy()), "nothing begun");
  EXPECT_THROW(workshop.record(), std::exception);
}

TEST(Deploying, AnIntentOfARunningProcessHoldsTheEnvironment) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.commit_flow("a", "new");
  const LedgerEntry entry = workshop.append_intent(this_process());
  try {
    workshop.deploy();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::held);
    EXPECT_NE(error.message().find(std::to_string(this_process().pid)), std::string::npos) << error.message();
  }
  workshop.in_workspace(
      [&](Workspace& workspace, const Context&) { EXPECT_EQ(workspace.ledger.head()->commit, entry.commit); });
}

TEST(Deploying, AnIntentOfAnotherMachineIsTakenOverOnceTheLedgerHasStoodStill) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.commit_flow("a", "new");
  LeaseHolder holder = workshop.record().holder;
  holder.host = "another-machine";
  workshop.append_intent(holder);
  workshop.clock().time += std::chrono::hours(24);
  EXPECT_THROW(workshop.deploy(), Error);
  DeployOptions options = workshop.options();
  options.lease.timeout = std::chrono::seconds(1);
  const BootTime stands_since = boot_time();
  while (boot_time() - stands_since < options.lease.timeout) std::this_thread::yield();
  const DeployResult result = workshop.deploy_with(options);
  EXPECT_EQ(outcomes(result), "a deployed");
  ASSERT_FALSE(result.deployment->warnings.empty());
  EXPECT_NE(result.deployment->warnings[0].find("another-machine"), std::string::npos);
}

TEST(Deploying, DecidesAboutConsoleEditsByThePolicy) {
  const std::pair<OnDrift, const char*> expected[] = {{OnDrift::fail, "a drifted, b skipped"},
                                                      {OnDrift::skip, "a drifted, b deployed"},
                                                      {OnDrift::overwrite, "a deployed, b deployed"}};
  for (const auto& [policy, outcome] : expected) {
    Workshop workshop;
    workshop.deploy_flows({"a", "b"});
    workshop.write_flow("a", "new");
    workshop.write_flow("b", "new");
    workshop.commit();
    workshop.edit_in_console("a", "by hand");
    DeployOptions options = workshop.options();
    options.request.on_drift = policy;
    const DeployResult result = workshop.deploy_with(options);
    EXPECT_EQ(outcomes(result), outcome);
    EXPECT_EQ(result.deployment->record.has_value(), policy != OnDrift::fail);
    EXPECT_EQ(result.deployment->drifted, policy != OnDrift::overwrite);
    EXPECT_EQ(workshop.live("a").find("by hand") == std::string::npos, policy == OnDrift::overwrite);
  }
}

TEST(Deploying, RecordsWhatIsThereAlreadyWithoutARequest) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.commit_flow("a", "new");
  workshop.edit_in_console("a", "new");
  const DeployResult result = workshop.deploy();
  EXPECT_EQ(outcomes(result), "a unchanged");
  EXPECT_EQ(result.deployment->flows[0].attempts, 0);
  EXPECT_EQ(steps(workshop.plan()), "");
}

}  // namespace
}  // namespace flowship::deploy
