#include "deploy/apply/atomic_undo.hpp"

#include "deploy/flows.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

/// `a` was changed, `b` created, and `c` ended as the test says.
class AtomicUndoTest : public testing::Test {
 protected:
  AtomicUndoTest() {
    workshop_.edit_in_console("a", "before");
    const std::string text = workshop_.live("a");
    workshop_.edit_in_console("a", "after");
    workshop_.edit_in_console("b", "b");
    for (const char* id : {"a", "b", "c"}) {
      Change& change = plan_.changes.emplace_back();
      change.flow_id = id;
      change.live.emplace();
      change.flow = small_flow(id, id == std::string("a") ? "after" : id);
      flows_.push_back({.flow_id = id, .outcome = FlowOutcome::deployed, .attempts = 1});
    }
    plan_.changes[0].live->is_listed = true;
    plan_.changes[0].live->version = live_from(text);
  }

  void undo() {
    workshop_.with_service([&](api::Service& service) { undo_if_failed(plan_, flows_, service); });
  }

  std::string name_of(const std::string& id) const {
    return std::string(flow::find(flow_from(workshop_.live(id)).metadata, "name")->value.string());
  }

  Workshop workshop_;
  Plan plan_;
  std::vector<FlowResult> flows_;
};

TEST_F(AtomicUndoTest, LeavesEverythingWhereNothingFailed) {
  undo();
  EXPECT_EQ(name_of("a"), "after");
  EXPECT_NE(workshop_.live("b"), "");
}

TEST_F(AtomicUndoTest, PutsBackWhatWasReplacedAndDeletesWhatWasCreated) {
  for (const FlowOutcome outcome : {FlowOutcome::failed, FlowOutcome::skipped}) {
    flows_[0].outcome = flows_[1].outcome = FlowOutcome::deployed;
    flows_[2].outcome = outcome;
    flows_[2].attempts = 0;
    undo();
    EXPECT_EQ(flows_[0].outcome, FlowOutcome::restored);
    EXPECT_EQ(flows_[1].outcome, FlowOutcome::restored);
    EXPECT_EQ(flows_[2].outcome, outcome);
    EXPECT_EQ(name_of("a"), "before");
    EXPECT_EQ(workshop_.live("b"), "");
  }
}

TEST_F(AtomicUndoTest, AlsoPutsBackWhatMayHaveArrived) {
  flows_[0].outcome = FlowOutcome::failed;
  flows_[0].unknown = true;
  undo();
  EXPECT_EQ(flows_[0].outcome, FlowOutcome::restored);
  EXPECT_FALSE(flows_[0].unknown);
  EXPECT_EQ(name_of("a"), "before");
}

TEST_F(AtomicUndoTest, LeavesWhatNeededNoRequest) {
  flows_[0].attempts = 0;
  flows_[2].outcome = FlowOutcome::failed;
  undo();
  EXPECT_EQ(flows_[0].outcome, FlowOutcome::deployed);
  EXPECT_EQ(name_of("a"), "after");
}

TEST_F(AtomicUndoTest, WhatCannotBePutBackStaysDeployedAndSaysSo) {
  flows_[2].outcome = FlowOutcome::failed;
  flows_[2].attempts = 0;
  plan_.changes[0].live->version = live_from("{}");
  undo();
  EXPECT_EQ(flows_[0].outcome, FlowOutcome::deployed);
  EXPECT_NE(flows_[0].error.find("could not be put back"), std::string::npos) << flows_[0].error;
}

}  // namespace
}  // namespace flowship::deploy
