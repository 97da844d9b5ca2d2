#include "deploy/apply/apply.hpp"

#include "deploy/apply/read_back.hpp"
#include "deploy/flows.hpp"
#include "deploy/workshop.hpp"
#include "net/client.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

Change change(const std::string& id, Action action = Action::create) {
  Change change;
  change.flow_id = id;
  change.action = action;
  change.paths = {id + ".json"};
  if (action != Action::remove) change.flow = small_flow(id, id);
  return change;
}

LiveFlow live_as(LiveMatch match, const std::string& text) {
  LiveFlow live;
  live.match = match;
  live.is_listed = true;
  live.version = live_from(text);
  return live;
}

/// What a service refuses: a flow without contents.
Change broken(const std::string& id) {
  Change broken = change(id);
  broken.flow = flow_from(R"({"flowId": ")" + id + R"(", "metadata": {"name": "x"}})");
  return broken;
}

Applied applied(Workshop& workshop, const Plan& plan, const DeployOptions& options = {}, const StopSignal& stop = {},
                const KeepReturned& keep = {}) {
  Silence silence;
  return workshop.with_service([&](api::Service& service) {
    const Context context{.clock = workshop.clock(), .stop = stop, .progress = silence, .variables = {}};
    return apply(plan, service, options, context, keep);
  });
}

TEST(Apply, SendsEveryStepAndReadsBackWhatBecameOfIt) {
  Workshop workshop;
  workshop.edit_in_console("old", "old");
  Plan plan;
  plan.changes = {change("a"), change("b"), change("old", Action::remove)};
  plan.changes[1].after = {"a"};
  const Applied result = applied(workshop, plan);
  EXPECT_EQ(outcomes(result.flows), "a deployed, b deployed, old deleted");
  EXPECT_EQ(result.flows[0].attempts, 1);
  EXPECT_EQ(result.flows[0].paths, std::vector<std::string>{"a.json"});
  EXPECT_NE(result.returned.at("a").exported->text().find("\"flowId\": \"a\""), std::string::npos);
  EXPECT_FALSE(result.returned.contains("old"));
  EXPECT_NE(workshop.live("b"), "");
  EXPECT_EQ(workshop.live("old"), "");
}

TEST(Apply, KeepsWhatTheServiceReturnsAsSoonAsItIsThere) {
  Workshop workshop;
  Plan plan;
  plan.changes = {change("a"), change("b")};
  const git::ObjectId blob = *git::ObjectId::from_hex(std::string(40, '1'));
  const Applied result = applied(workshop, plan, {}, {}, [&](const Export& returned) {
    if (returned.text().find("\"flowId\": \"b\"") != std::string::npos) throw Error("no room");
    return blob;
  });
  EXPECT_EQ(outcomes(result.flows), "a deployed, b deployed");
  EXPECT_EQ(result.returned.at("a").kept, blob);
  EXPECT_FALSE(result.returned.at("a").exported);
  ASSERT_TRUE(result.returned.at("b").exported) << "whoever records it tries again";
  EXPECT_NE(result.returned.at("b").exported->text().find("\"flowId\": \"b\""), std::string::npos);
}

/// What is read back of the plan's only step, as if the service had just accepted it.
Applied read_back_as_accepted(Workshop& workshop, const Plan& plan) {
  Applied applied{.flows = {pending_result(plan.changes[0])}, .returned = {}};
  applied.flows[0].attempts = 1;
  applied.flows[0].outcome = FlowOutcome::deployed;
  StopSignal stop;
  Silence silence;
  const Context context{.clock = workshop.clock(), .stop = stop, .progress = silence, .variables = {}};
  workshop.with_service([&](api::Service& service) { read_back(plan, service, {}, context, {}, applied); });
  return applied;
}

TEST(Apply, AnImportThatTheServiceDoesNotShowIsAFailure) {
  Workshop workshop;
  workshop.edit_in_console("a", "before");
  const std::string before = workshop.live("a");
  Plan plan;
  plan.changes = {change("a", Action::update)};
  plan.changes[0].live = live_as(LiveMatch::as_deployed, before);
  const Applied applied = read_back_as_accepted(workshop, plan);
  EXPECT_EQ(outcomes(applied.flows), "a failed");
  EXPECT_NE(applied.flows[0].error.find("still holds the previous version"), std::string::npos);
  EXPECT_TRUE(applied.flows[0].unknown) << "it may yet arrive";
  EXPECT_FALSE(applied.returned.contains("a"));
}

/// What becomes of a new flow where the service answers its exports so.
FlowResult sent_new_flow(Workshop& workshop, const std::string& faults) {
  net::ClientOptions options;
  options.base_url = workshop.service().url();
  net::Client client(options);
  EXPECT_EQ(client.send({.method = "PUT", .target = "/_sandbox/faults", .headers = {}, .body = faults}).status / 100,
            2);
  Plan plan;
  plan.changes = {change("a")};
  plan.changes[0].live = LiveFlow{};
  return applied(workshop, plan).flows[0];
}

TEST(Apply, AsksAgainForANewFlowThatIsListedButNotExportableYet) {
  for (const char* status : {"404", "400"}) {
    Workshop workshop;
    const FlowResult flow = sent_new_flow(workshop, R"({"fail": ")" + std::string(status) + R"(:3@export"})");
    EXPECT_EQ(flow.outcome, FlowOutcome::deployed) << flow.error;
    EXPECT_FALSE(flow.unknown);
    EXPECT_EQ(flow.error, "");
    EXPECT_LT(workshop.clock().ticks(), Ticks(std::chrono::seconds(2)));
  }
}

TEST(Apply, GivesUpANewFlowThatStaysUnexportable) {
  Workshop workshop;
  const FlowResult flow = sent_new_flow(workshop, R"({"fail": "404@export"})");
  EXPECT_EQ(flow.outcome, FlowOutcome::failed);
  EXPECT_TRUE(flow.unknown);
  EXPECT_NE(flow.error.find("could not be read back"), std::string::npos) << flow.error;
  EXPECT_GT(workshop.clock().ticks(), Ticks(std::chrono::seconds(7))) << "--read-back-wait is 10 s";
}

TEST(Apply, AThirdVersionAfterTheImportIsDrift) {
  Workshop workshop;
  workshop.edit_in_console("a", "before");
  Plan plan;
  plan.changes = {change("a", Action::update)};
  plan.changes[0].live = live_as(LiveMatch::as_deployed, workshop.live("a"));
  workshop.edit_in_console("a", "by hand");
  const Applied applied = read_back_as_accepted(workshop, plan);
  EXPECT_EQ(outcomes(applied.flows), "a drifted");
  EXPECT_FALSE(applied.flows[0].edits.empty());
}

TEST(Apply, AFailureStopsOnlyWhatUsesTheFlow) {
  Workshop workshop;
  Plan plan;
  plan.changes = {broken("a"), change("b"), change("c")};
  plan.changes[1].after = {"a"};
  const Applied result = applied(workshop, plan);
  EXPECT_EQ(outcomes(result.flows), "a failed, b skipped, c deployed");
  EXPECT_FALSE(result.flows[0].error.empty());
  EXPECT_NE(result.flows[1].error.find("`a`"), std::string::npos);
  EXPECT_FALSE(result.flows[0].unknown);
}

TEST(Apply, AFailureStopsEverythingThatWasNotBegunWhereItIsAtomic) {
  Workshop workshop;
  Plan plan;
  plan.changes = {broken("a"), change("b")};
  DeployOptions options;
  options.atomic = true;
  options.concurrency = 1;
  EXPECT_EQ(outcomes(applied(workshop, plan, options).flows), "a failed, b skipped");
  EXPECT_EQ(workshop.live("b"), "");
}

TEST(Apply, BeginsNothingAfterAStop) {
  Workshop workshop;
  Plan plan;
  plan.changes = {change("a")};
  StopSignal stop;
  stop.request(15);
  EXPECT_EQ(outcomes(applied(workshop, plan, {}, stop).flows), "a skipped");
  EXPECT_EQ(workshop.live("a"), "");
}

TEST(Apply, CarriesOutTheTreatmentsOfThePlan) {
  Workshop workshop;
  Plan plan;
  plan.changes = {change("recorded"), change("left"), change("sent")};
  plan.changes[0].treatment = Treatment::record;
  plan.changes[0].live = live_as(LiveMatch::as_desired, R"({"flowId": "recorded"})");
  plan.changes[1].treatment = Treatment::leave;
  plan.changes[1].live = live_as(LiveMatch::edited, R"({"flowId": "left"})");
  const Applied result = applied(workshop, plan);
  EXPECT_EQ(outcomes(result.flows), "recorded unchanged, left drifted, sent deployed");
  EXPECT_EQ(result.returned.at("recorded").exported->text(), "{\n  \"flowId\": \"recorded\"\n}\n");
  EXPECT_NE(result.flows[1].error.find("edited in the console"), std::string::npos);
  EXPECT_EQ(workshop.live("recorded") + workshop.live("left"), "") << "nothing was sent for these";
}

TEST(ResultWithoutRequest, IsNothingWhereARequestIsSent) {
  Change each = change("a");
  EXPECT_FALSE(result_without_request(each));
  each.treatment = Treatment::record;
  EXPECT_EQ(result_without_request(each)->outcome, FlowOutcome::unchanged);
  EXPECT_EQ(result_without_request(each)->attempts, 0);
  each.treatment = Treatment::withhold;
  EXPECT_EQ(result_without_request(each)->outcome, FlowOutcome::skipped);
  EXPECT_FALSE(result_without_request(each)->error.empty());
}

}  // namespace
}  // namespace flowship::deploy
