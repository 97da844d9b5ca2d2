#include "deploy/recover/recovery.hpp"

#include "deploy/apply/status.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

/// A deployment that died after its intent: `a` is about to be changed, `b` to be created, `c` to be deleted.
class RecoveryTest : public testing::Test {
 protected:
  RecoveryTest() {
    workshop_.deploy_flows({"a", "c"});
    workshop_.write_flow("a", "new");
    workshop_.write_flow("b", "b");
    workshop_.files().remove("c.json");
    workshop_.commit();
    LedgerChange change;
    for (const char* id : {"a", "b"}) {
      const std::string path = std::string(id) + ".json";
      const git::ObjectId blob = *repository_.at(repository_.commit("HEAD"), path);
      flow::Source source{.layout = flow::Layout::exported, .path = path, .files = {}};
      source.files.push_back({.path = path, .id = blob});
      change.intend(source);
    }
    change.flows = {flow("a", Action::update, {"a.json"}), flow("b", Action::create, {}),
                    flow("c", Action::remove, {"c.json"})};
    Record record = workshop_.record();
    record.phase = Phase::intent;
    record.finished.reset();
    intent_ = ledger_.append(ledger_.head(), record, change, workshop_.clock());
  }

  static FlowResult flow(const std::string& id, Action action, std::vector<std::string> deployed_paths) {
    return {.flow_id = id, .action = action, .paths = {id + ".json"}, .deployed_paths = std::move(deployed_paths)};
  }

  /// `a deployed, b failed`, as the result has it.
  std::string recovered() {
    const LedgerEntry entry = workshop_.with_service([&](api::Service& service) {
      return recover(*ledger_.head(), ledger_, repository_, service, workshop_.clock());
    });
    EXPECT_EQ(entry.record.phase, Phase::result);
    EXPECT_EQ(entry.record.kind, DeploymentKind::recover);
    EXPECT_EQ(entry.record.finished, workshop_.clock().now());
    std::string text;
    for (const FlowResult& flow : ledger_.flows(entry)) {
      text += (text.empty() ? "" : ", ") + flow.flow_id + " " + std::string(to_text(flow.outcome));
    }
    return text;
  }

  std::string states() {
    return workshop_.in_workspace([&](Workspace& workspace, const Context& context) {
      std::string text;
      for (const auto& flow : status(workspace, workshop_.options(), context, Ask::service).flows) {
        text += (text.empty() ? "" : ", ") + flow.flow_id + " " + std::string(to_text(flow.state));
      }
      return text;
    });
  }

  Workshop workshop_;
  git::Repository repository_ = git::Repository::open(workshop_.files().path());
  Ledger ledger_{repository_, default_config().environment("")};
  LedgerEntry intent_;
};

TEST_F(RecoveryTest, WhatNeverReachedTheServiceFailed) {
  EXPECT_EQ(recovered(), "a failed, b failed, c failed");
  const Record record = ledger_.head()->record;
  EXPECT_EQ(record.total, 2);
  EXPECT_TRUE(record.unsettled.empty());
  EXPECT_EQ(steps(workshop_.plan()), "a update changed, b create added");
}

TEST_F(RecoveryTest, WhatReachedTheServiceIsDeployed) {
  workshop_.edit_in_console("a", "new");
  workshop_.edit_in_console("b", "b");
  workshop_.delete_in_console("c");
  EXPECT_EQ(recovered(), "a deployed, b deployed, c deleted");
  const LedgerEntry head = *ledger_.head();
  EXPECT_EQ(head.record.total, 2);
  EXPECT_TRUE(ledger_.after(head, "b"));
  EXPECT_FALSE(ledger_.after(head, "c"));
  EXPECT_EQ(steps(workshop_.plan()), "");
}

TEST_F(RecoveryTest, WhatIsNeitherOldNorNewStaysUnsettled) {
  workshop_.edit_in_console("a", "by hand");
  EXPECT_EQ(recovered(), "a failed, b failed, c failed");
  const Record record = ledger_.head()->record;
  ASSERT_EQ(record.unsettled.size(), 1U);
  EXPECT_EQ(record.unsettled.begin()->first, "a");
  EXPECT_TRUE(record.unsettled.begin()->second.payload.empty());
  EXPECT_FALSE(has_open_flows(*ledger_.head(), ledger_)) << "it was asked about, and is drift from now on";
}

TEST_F(RecoveryTest, ADeletionThatTwoDeploymentsAskedForIsCountedOnce) {
  workshop_.delete_in_console("c");
  EXPECT_EQ(recovered(), "a failed, b failed, c deleted");
  Record record = ledger_.head()->record;
  EXPECT_EQ(record.total, 1);
  record.unsettled["c"] = {};
  LedgerChange change;
  change.flows = {flow("c", Action::remove, {})};
  change.flows.front().outcome = FlowOutcome::failed;
  change.flows.front().unknown = true;
  ledger_.append(ledger_.head(), record, change, workshop_.clock());
  EXPECT_EQ(recovered(), "c deleted");
  EXPECT_EQ(ledger_.head()->record.total, 1);
}

TEST_F(RecoveryTest, AServiceThatCannotBeAskedChangesNothing) {
  workshop_.service().stop();
  EXPECT_ANY_THROW(recovered());
  EXPECT_EQ(ledger_.head()->commit, intent_.commit);
}

TEST_F(RecoveryTest, AReleasedDeploymentIsAskedAboutByTheNext) {
  const LedgerEntry released = release(intent_, ledger_, workshop_.clock());
  EXPECT_EQ(released.record.phase, Phase::result);
  EXPECT_EQ(released.record.unsettled.size(), 3U);
  EXPECT_TRUE(has_open_flows(released, ledger_));
  workshop_.edit_in_console("a", "new");
  EXPECT_EQ(recovered(), "a deployed, b failed, c failed");
  EXPECT_FALSE(has_open_flows(*ledger_.head(), ledger_));
}

TEST_F(RecoveryTest, StatusLeavesAnInterruptedDeletionToThePlan) {
  EXPECT_EQ(states(), "a pending, b pending, c in-sync");
  workshop_.delete_in_console("c");
  EXPECT_EQ(states(), "a pending, b pending");
}

TEST_F(RecoveryTest, APlanForesees) {
  release(intent_, ledger_, workshop_.clock());
  workshop_.edit_in_console("a", "new");
  workshop_.delete_in_console("c");
  workshop_.write_flow("a", "newer");
  workshop_.commit_flow("c", "newer");
  const Plan plan = workshop_.in_workspace([&](Workspace& workspace, const Context& context) {
    Plan foreseen = deploy::plan(workspace, {}, context.variables);
    check_drift(workspace, workshop_.options(), context, foreseen);
    return foreseen;
  });
  EXPECT_TRUE(plan.drift->empty());
  EXPECT_FALSE(plan.stopped_by_drift);
  for (const Change& change : plan.changes) EXPECT_EQ(change.treatment, Treatment::send) << change.flow_id;
  EXPECT_EQ(outcomes(workshop_.deploy()), "a deployed, b deployed, c deployed");
}

}  // namespace
}  // namespace flowship::deploy
