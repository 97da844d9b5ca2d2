#include "deploy/apply/outcome.hpp"

#include <gtest/gtest.h>

#include <set>

namespace flowship::deploy {
namespace {

TEST(Outcome, EachHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (const FlowOutcome outcome :
       {FlowOutcome::pending, FlowOutcome::deployed, FlowOutcome::deleted, FlowOutcome::unchanged, FlowOutcome::failed,
        FlowOutcome::skipped, FlowOutcome::drifted, FlowOutcome::restored}) {
    words.insert(to_text(outcome));
  }
  EXPECT_EQ(words.size(), 8U);
  EXPECT_EQ(to_text(Action::remove), "delete");
  EXPECT_EQ(to_text(FlowState::in_sync), "in-sync");
}

TEST(PendingResult, IsTheStepBeforeItIsCarriedOut) {
  Change change;
  change.flow_id = "a";
  change.action = Action::create;
  change.reason = Reason::added;
  change.paths = {"a.json"};
  change.deployed_paths = {"old.json"};
  FlowResult result = pending_result(change);
  EXPECT_EQ(result.outcome, FlowOutcome::pending);
  EXPECT_EQ(result.reason, Reason::added);
  EXPECT_EQ(result.paths, change.paths);
  EXPECT_EQ(result.deployed_paths, change.deployed_paths);
  EXPECT_FALSE(result.absent) << "nobody asked";
  change.live.emplace();
  EXPECT_TRUE(pending_result(change).absent);
  change.live->is_listed = true;
  EXPECT_FALSE(pending_result(change).absent);
}

TEST(Deployment, IsOkOnlyWhereEverythingIsDeployedAndRecorded) {
  Deployment deployment;
  deployment.flows.push_back({.flow_id = "a", .outcome = FlowOutcome::deployed});
  EXPECT_TRUE(deployment.ok());
  const auto is_ok = [&](auto change) {
    Deployment other = deployment;
    change(other);
    return other.ok();
  };
  EXPECT_FALSE(is_ok([](Deployment& other) { other.flows[0].outcome = FlowOutcome::skipped; }));
  EXPECT_FALSE(is_ok([](Deployment& other) { other.stopped_by = 2; }));
  EXPECT_FALSE(is_ok([](Deployment& other) { other.unrecorded = Error("no room"); }));
  EXPECT_FALSE(is_ok([](Deployment& other) { other.credentials_refused = true; }));
  EXPECT_FALSE(is_ok([](Deployment& other) { other.drifted = true; }));
}

}  // namespace
}  // namespace flowship::deploy
