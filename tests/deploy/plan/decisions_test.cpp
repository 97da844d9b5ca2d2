#include "deploy/plan/decisions.hpp"

#include "deploy/flows.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

Change change(const std::string& id, Action action, LiveMatch match = LiveMatch::as_deployed) {
  Change change;
  change.flow_id = id;
  change.action = action;
  if (action != Action::remove) change.flow = small_flow(id, "new");
  change.live.emplace();
  change.live->match = match;
  change.live->is_listed = match != LiveMatch::missing;
  change.live->digest = "sha256:" + id;
  return change;
}

Plan plan_of(std::vector<Change> changes) {
  Plan plan;
  plan.changes = std::move(changes);
  return plan;
}

/// Decides with the ledger of an empty repository.
void decide(Plan& plan, LiveState state, OnDrift policy) {
  const Workshop workshop;
  workshop.write_flow("a", "a");
  workshop.commit();
  workshop.in_workspace([&](Workspace& workspace, const Context&) {
    const LastDeployed last(workspace.repository, workspace.ledger, std::nullopt);
    add_live_state(plan, std::move(state), policy, last);
  });
}

LiveState live_state(const Plan& plan) {
  LiveState state;
  for (const Change& each : plan.changes) state.flows[each.flow_id] = *each.live;
  return state;
}

/// What a policy makes of a plan's changes, in their order.
std::vector<Treatment> treatments(OnDrift policy, std::vector<Change> changes) {
  Plan plan = plan_of(std::move(changes));
  decide(plan, live_state(plan), policy);
  std::vector<Treatment> result;
  for (const Change& each : plan.changes) result.push_back(each.treatment);
  return result;
}

TEST(DriftPolicy, SendsWhatIsAsDeployedAndRecordsWhatIsThereAlready) {
  for (const OnDrift policy : {OnDrift::fail, OnDrift::skip, OnDrift::overwrite, OnDrift::adopt}) {
    EXPECT_EQ(treatments(policy, {change("a", Action::update), change("b", Action::update, LiveMatch::merged),
                                  change("c", Action::create, LiveMatch::as_desired),
                                  change("d", Action::remove, LiveMatch::as_desired)}),
              (std::vector{Treatment::send, Treatment::send, Treatment::record, Treatment::record}));
  }
}

TEST(DriftPolicy, DecidesAboutAFlowThatWasEditedOrDeletedInTheConsole) {
  for (const LiveMatch match : {LiveMatch::edited, LiveMatch::missing, LiveMatch::foreign}) {
    const auto with_edit = [&] { return std::vector{change("a", Action::update, match), change("b", Action::update)}; };
    const std::vector nothing_sent{Treatment::leave, Treatment::withhold};
    EXPECT_EQ(treatments(OnDrift::fail, with_edit()), nothing_sent);
    EXPECT_EQ(treatments(OnDrift::adopt, with_edit()), nothing_sent);
    EXPECT_EQ(treatments(OnDrift::skip, with_edit()), (std::vector{Treatment::leave, Treatment::send}));
    EXPECT_EQ(treatments(OnDrift::overwrite, with_edit()), (std::vector{Treatment::send, Treatment::send}));
  }
}

TEST(DriftPolicy, NeverSendsWhatIsUnknown) {
  for (const OnDrift policy : {OnDrift::fail, OnDrift::skip, OnDrift::overwrite}) {
    EXPECT_EQ(treatments(policy, {change("a", Action::update, LiveMatch::unknown), change("b", Action::update)}),
              (std::vector{Treatment::unknown, Treatment::send}));
  }
}

TEST(DriftPolicy, NeverDeletesAnEditedOrUnknownFlow) {
  for (const OnDrift policy : {OnDrift::fail, OnDrift::skip, OnDrift::overwrite, OnDrift::adopt}) {
    for (const LiveMatch match : {LiveMatch::edited, LiveMatch::unknown}) {
      Plan plan = plan_of({change("a", Action::remove, match)});
      decide(plan, live_state(plan), policy);
      EXPECT_TRUE(plan.changes.empty());
      EXPECT_EQ(plan.left_behind.size(), 1U);
      ASSERT_EQ(plan.drift->size(), 1U);
      EXPECT_EQ(plan.drift->front().hint("default").find("overwrite"), std::string::npos);
    }
  }
}

TEST(DriftPolicy, NeverDeletesWhatAnotherFlowOfTheProjectRunsOrMayRun) {
  Plan plan = plan_of({change("a", Action::remove), change("b", Action::remove)});
  LiveState state = live_state(plan);
  state.other_users["made-in-the-console"] = std::set<std::string>{"a"};
  decide(plan, state, OnDrift::fail);
  ASSERT_EQ(plan.left_behind.size(), 1U);
  EXPECT_EQ(plan.left_behind[0].sentence(), "`a` is not deleted: `made-in-the-console` still uses it as a subflow");
  plan = plan_of({change("a", Action::remove), change("b", Action::remove)});
  state = live_state(plan);
  state.other_users["unreadable"] = std::nullopt;
  decide(plan, state, OnDrift::fail);
  ASSERT_EQ(plan.left_behind.size(), 2U);
  EXPECT_EQ(plan.left_behind[1].sentence(),
            "`b` is not deleted: `unreadable` could not be exported, and may use it as a subflow");
  EXPECT_EQ(plan.warnings.size(), 2U);
}

TEST(DriftPolicy, StopsThePlanOnlyWhereThePolicySaysSo) {
  for (const OnDrift policy : {OnDrift::fail, OnDrift::skip, OnDrift::overwrite, OnDrift::adopt}) {
    Plan plan = plan_of({change("a", Action::update, LiveMatch::edited)});
    decide(plan, live_state(plan), policy);
    EXPECT_EQ(plan.stopped_by_drift, policy == OnDrift::fail || policy == OnDrift::adopt);
    Plan clean = plan_of({change("a", Action::update)});
    decide(clean, live_state(clean), policy);
    EXPECT_FALSE(clean.stopped_by_drift);
  }
}

TEST(DriftPolicy, SendsWhatTheServiceWasNotAskedAbout) {
  Change unasked = change("a", Action::update);
  unasked.live.reset();
  Plan plan = plan_of({unasked});
  decide(plan, {}, OnDrift::fail);
  EXPECT_EQ(plan.changes[0].treatment, Treatment::send);
  EXPECT_FALSE(plan.changes[0].live);
}

TEST(LookupOf, SaysWhatTheChangeKnows) {
  const Change created = change("a", Action::create);
  EXPECT_EQ(lookup_of(created).versions.intent, Intent::send);
  EXPECT_FALSE(lookup_of(created).versions.is_deployed);
  EXPECT_EQ(lookup_of(created).versions.desired, &*created.flow);
  const Change removed = change("b", Action::remove);
  EXPECT_EQ(lookup_of(removed).versions.intent, Intent::remove);
  EXPECT_TRUE(lookup_of(removed).versions.is_deployed);
  EXPECT_EQ(lookup_of(removed).versions.desired, nullptr);
}

}  // namespace
}  // namespace flowship::deploy
