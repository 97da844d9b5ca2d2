#include "deploy/plan/deletions.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

Change step(const std::string& id, Action action) {
  Change change;
  change.flow_id = id;
  change.action = action;
  return change;
}

Plan steps(std::vector<Change> changes) {
  Plan plan;
  plan.changes = std::move(changes);
  return plan;
}

std::string ids(const std::vector<Change>& changes) {
  std::string text;
  for (const Change& change : changes) text += (text.empty() ? "" : " ") + change.flow_id;
  return text;
}

/// `a is left on …`, a sentence a line.
std::string sentences(const Plan& plan) {
  std::string text;
  for (const LeftBehind& flow : plan.left_behind) text += flow.sentence() + "\n";
  return text;
}

const std::set<std::string> kProtect{"mine"};

DeletionRules rules(bool prune) {
  return {.prune = prune, .protect = kProtect, .users_of = [](const std::string& id) {
            return id == "used" ? std::vector<std::string>{"user"} : std::vector<std::string>();
          }};
}

TEST(Deletions, AreNoStepsWithoutPrune) {
  Plan plan = steps({step("a", Action::remove), step("b", Action::update)});
  decide_deletions(plan, rules(false));
  EXPECT_EQ(ids(plan.changes), "b");
  EXPECT_EQ(sentences(plan), "`a` is left on the service; --prune deletes it\n");
  EXPECT_FALSE(plan.prune);
}

TEST(Deletions, SpareWhatIsBuiltInProtectedOrStillUsed) {
  Plan plan = steps({step("free", Action::remove), step("mine", Action::remove), step("sign-in", Action::remove),
                     step("used", Action::remove)});
  decide_deletions(plan, rules(true));
  EXPECT_EQ(ids(plan.changes), "free");
  EXPECT_EQ(sentences(plan),
            "`mine` is not deleted: flowship.json protects it\n"
            "`sign-in` is not deleted: it is built in\n"
            "`used` is not deleted: `user` still uses it as a subflow\n");
  EXPECT_TRUE(plan.prune);
  EXPECT_FALSE(plan.refusal);
}

TEST(Deletions, NeverTouchWhatTheRepositoryHas) {
  Plan plan = steps({step("mine", Action::update), step("used", Action::create)});
  decide_deletions(plan, rules(true));
  EXPECT_EQ(ids(plan.changes), "mine used");
  EXPECT_FALSE(plan.refusal);
}

TEST(Deletions, AreAllLeftBehindBeyondTheLimit) {
  for (const int limit : {1, 2}) {
    Plan plan = steps({step("x", Action::remove), step("a", Action::remove), step("mine", Action::remove)});
    decide_deletions(plan, rules(true));
    EXPECT_EQ(limit_deletions(plan, limit), limit == 1);
    EXPECT_EQ(plan.warnings.size(), limit == 1 ? 2U : 0U);
    EXPECT_EQ(ids(plan.changes), limit == 1 ? "" : "x a");
    EXPECT_EQ(plan.left_behind.size(), limit == 1 ? 3U : 1U);
    EXPECT_EQ(plan.left_behind.front().removal.flow_id, limit == 1 ? "a" : "mine");
    lift_limit(plan);
    EXPECT_EQ(plan.changes.size(), 2U);
    EXPECT_EQ(plan.left_behind.size(), 1U);
    EXPECT_TRUE(plan.warnings.empty());
  }
}

TEST(Deletions, LookForUnmatchedProtectionOnlyWhereSomethingIsDeleted) {
  Plan plan = steps({step("a", Action::update)});
  warn_of_unmatched_protection(plan, {"mnie"}, []() -> std::vector<std::string> { throw Error("reads everything"); });
  plan.changes.push_back(step("b", Action::remove));
  warn_of_unmatched_protection(plan, {"mnie", "b*"}, [] { return std::vector<std::string>{"mine", "b"}; });
  EXPECT_EQ(plan.warnings, std::vector<std::string>{"`protect` names `mnie`, which matches no flow"});
}

TEST(Deletions, WaitForWhatRanThem) {
  Change user = step("user", Action::remove);
  user.live.emplace().subflows = std::set<std::string>{"inner"};
  Plan plan = steps({step("inner", Action::remove), std::move(user)});
  wait_for_users(plan);
  EXPECT_EQ(plan.changes.front().after, std::vector<std::string>{"user"});
  EXPECT_TRUE(plan.changes.back().after.empty());
}

TEST(Deletions, LeaveWhatAFlowThatStaysRuns) {
  Change inner = step("inner", Action::remove);
  inner.live.emplace().subflows = std::set<std::string>{"innermost"};
  Plan plan = steps({step("free", Action::remove), std::move(inner), step("innermost", Action::remove)});
  keep_used(plan, {{"stays", {"inner"}}});
  EXPECT_EQ(ids(plan.changes), "free");
  EXPECT_EQ(sentences(plan),
            "`inner` is not deleted: `stays` still uses it as a subflow\n"
            "`innermost` is not deleted: `inner` still uses it as a subflow\n");
}

}  // namespace
}  // namespace flowship::deploy
