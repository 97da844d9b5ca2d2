#include "deploy/plan/saved_plan.hpp"

#include "base/error.hpp"
#include "deploy/flows.hpp"

#include <gtest/gtest.h>

#include <optional>

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

/// As `plan --out` saves `plan`, and `deploy --plan` reads it.
SavedPlan saved(const Plan& plan) {
  return read_saved_plan(saved_plan_text(plan, request(), plan_digest(sample(), request())));
}

std::optional<Error> refusal(const Plan& now, const SavedPlan& saved) {
  try {
    expect_same_steps(now, saved);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

TEST(SavedPlan, IsReadBackAsItWasAskedFor) {
  const SavedPlan plan = saved(sample());
  EXPECT_EQ(plan.environment, "production");
  EXPECT_EQ(plan.request.revision, "main");
  EXPECT_EQ(plan.request.flows, std::vector<std::string>{"sign-in"});
  EXPECT_EQ(plan.request.prune, true);
  EXPECT_EQ(plan.request.max_deletes, 7);
  EXPECT_FALSE(plan.is_service_asked);
  EXPECT_NO_THROW(expect_same(sample(), plan));
}

TEST(SavedPlan, IsRefusedWhereThePlanIsAnotherByNow) {
  const auto refuses = [&](auto change) {
    Plan plan = sample();
    change(plan);
    for (const SavedPlan& saved_plan : {saved(sample()), saved(asked("sha256:1"))}) {
      try {
        expect_same(plan, saved_plan);
        return false;
      } catch (const Error& error) {
        if (error.fault() != Fault::failed) return false;
      }
    }
    return true;
  };
  EXPECT_TRUE(refuses([](Plan& plan) { plan.base.reset(); }));
  EXPECT_TRUE(refuses([](Plan& plan) { plan.target[0] = 'c'; }));
  EXPECT_TRUE(refuses([](Plan& plan) { plan.changes[0].flow = small_flow("sign-in", "Other"); }));
  EXPECT_TRUE(refuses([](Plan& plan) { plan.changes.clear(); }));
  EXPECT_TRUE(refuses([](Plan& plan) { plan.prune = false; }));
}

TEST(SavedPlan, IsRefusedWhereTheServiceHoldsSomethingElseByNow) {
  const SavedPlan plan = saved(asked("sha256:1"));
  ASSERT_TRUE(plan.is_service_asked);
  EXPECT_EQ(plan.steps.at("sign-in"), "sha256:1");
  EXPECT_NO_THROW(expect_same(sample(), plan));
  EXPECT_FALSE(refusal(asked("sha256:1"), plan));
  const std::optional<Error> refused = refusal(asked("sha256:2"), plan);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->fault(), Fault::drifted);
  EXPECT_EQ(refused->message(), "`sign-in` has changed on the service since this plan was saved; nothing was sent");
  // What was saved without asking is bound to nothing that the service holds.
  EXPECT_FALSE(refusal(asked("sha256:2"), saved(sample())));
}

TEST(SavedPlan, IsRefusedWhereAStepComesOrGoesWithTheLiveState) {
  for (const SavedPlan& plan : {saved(sample()), saved(asked("sha256:1"))}) {
    Plan now = asked("sha256:1");
    now.changes.push_back(now.changes[0]);
    now.changes[1].flow_id = "restored";
    EXPECT_EQ(refusal(now, plan)->message(),
              "`restored` is not in the saved plan, but would be sent now; nothing was sent");
    // Only recorded.
    now.changes[1].treatment = Treatment::record;
    EXPECT_FALSE(refusal(now, plan));
    now.changes.clear();
    EXPECT_EQ(refusal(now, plan)->message(),
              "`sign-in` is in the saved plan, but nothing would be sent for it now; nothing was sent");
    now.left_behind.push_back({.removal = sample().changes[0], .why = LeftBehind::Why::edited, .user = {}});
    EXPECT_EQ(refusal(now, plan)->message(), "`sign-in` would be deleted by the saved plan, but not now: " +
                                                 now.left_behind[0].sentence() + "; nothing was sent");
    EXPECT_EQ(refusal(now, plan)->fault(), Fault::drifted);
    now.left_behind[0].why = LeftBehind::Why::unknown;
    EXPECT_EQ(refusal(now, plan)->fault(), Fault::failed);
  }
}

TEST(SavedPlan, IsRefusedWhereTheLiveStateCanNotBeTold) {
  Plan now = asked("");
  now.changes[0].live->match = LiveMatch::unknown;
  now.changes[0].live->error = "it responded with 500";
  const std::optional<Error> refused = refusal(now, saved(asked("sha256:1")));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->fault(), Fault::failed);
  EXPECT_EQ(refused->message(),
            "`sign-in` could not be compared with the service: it responded with 500; nothing was sent");
}

TEST(SavedPlan, AnythingElseIsAUsageError) {
  Plan of_worktree = sample();
  of_worktree.target = "worktree";
  for (const std::string& text : {std::string(), std::string("{}"), std::string(R"({"flowshipPlan": "6"})"),
                                  saved_plan_text(of_worktree, request(), "sha256:1")}) {
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
