#include "deploy/plan/saved_plan.hpp"

#include "base/error.hpp"
#include "deploy/flows.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

LiveFlow live_flow(const std::string& digest) {
  LiveFlow live;
  live.digest = digest;
  return live;
}

Plan sample() {
  Plan plan;
  plan.environment = "production";
  plan.target = std::string(40, 'a');
  plan.base = git::ObjectId::from_hex(std::string(40, 'b'));
  plan.prune = true;
  Change& change = plan.changes.emplace_back();
  change.flow_id = "sign-in";
  change.flow = small_flow("sign-in", "Sign in");
  return plan;
}

PlanRequest request() {
  PlanRequest request;
  request.revision = "main";
  request.flows = {"sign-in"};
  request.max_deletes = 7;
  return request;
}

Plan asked(const std::string& digest) {
  Plan plan = sample();
  plan.drift.emplace();
  plan.changes[0].live = live_flow(digest);
  return plan;
}

TEST(SavedPlan, IsReadBackAsItWasAskedFor) {
  const SavedPlan saved = read_saved_plan(saved_plan_text(sample(), request()));
  EXPECT_EQ(saved.environment, "production");
  EXPECT_EQ(saved.request.revision, "main");
  EXPECT_EQ(saved.request.flows, std::vector<std::string>{"sign-in"});
  EXPECT_EQ(saved.request.prune, true);
  EXPECT_EQ(saved.request.max_deletes, 7);
  EXPECT_FALSE(saved.held);
  EXPECT_NO_THROW(expect_same(sample(), saved));
}

TEST(SavedPlan, IsRefusedWhereThePlanIsAnotherByNow) {
  const SavedPlan saved = read_saved_plan(saved_plan_text(sample(), request()));
  const auto refuses = [&](auto change) {
    Plan plan = sample();
    change(plan);
    try {
      expect_same(plan, saved);
      return false;
    } catch (const Error&) {
      return true;
    }
  };
  EXPECT_TRUE(refuses([](Plan& plan) { plan.base.reset(); }));
  EXPECT_TRUE(refuses([](Plan& plan) { plan.target[0] = 'c'; }));
  EXPECT_TRUE(refuses([](Plan& plan) { plan.changes[0].flow = small_flow("sign-in", "Other"); }));
  EXPECT_TRUE(refuses([](Plan& plan) { plan.changes.clear(); }));
  EXPECT_TRUE(refuses([](Plan& plan) { plan.prune = false; }));
}

TEST(SavedPlan, IsRefusedWhereTheServiceHoldsSomethingElseByNow) {
  const SavedPlan saved = read_saved_plan(saved_plan_text(asked("sha256:1"), request()));
  ASSERT_TRUE(saved.held);
  EXPECT_EQ(saved.held->at("sign-in"), "sha256:1");
  EXPECT_NO_THROW(expect_same(sample(), saved));
  EXPECT_NO_THROW(expect_same_service(asked("sha256:1"), saved));
  try {
    expect_same_service(asked("sha256:2"), saved);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::drifted);
  }
}

TEST(SavedPlan, AnythingElseIsAUsageError) {
  Plan of_worktree = sample();
  of_worktree.target = "worktree";
  for (const std::string& text : {std::string(), std::string("{}"), std::string(R"({"flowshipPlan": "4"})"),
                                  saved_plan_text(of_worktree, request())}) {
    try {
      read_saved_plan(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage) << text;
    }
  }
}

}  // namespace
}  // namespace flowship::deploy
