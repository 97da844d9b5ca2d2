#include "deploy/live/live_state.hpp"

#include "base/error.hpp"
#include "deploy/flows.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

const std::vector<std::string> kNothing;

LiveState answer_to(const Workshop& workshop, const LiveQuery& query) {
  return workshop.in_workspace([&](Workspace& workspace, const Context& context) {
    return workshop.with_service([&](api::Service& service) {
      const LastDeployed last(workspace.repository, workspace.ledger, workspace.ledger.head());
      return read_live_state(query, last, service, context.progress);
    });
  });
}

LiveState state_of(const Workshop& workshop, const std::vector<Lookup>& lookups, Keep keep = Keep::versions) {
  return answer_to(workshop, {.changes = lookups, .kept = {}, .ignore_drift = kNothing, .keep = keep});
}

LiveState kept_state_of(const Workshop& workshop, const std::vector<std::string>& ids, Compare compare) {
  return answer_to(workshop, {.changes = {}, .kept = ids, .ignore_drift = kNothing, .compare = compare});
}

Lookup deployed(const std::string& id) { return {.flow_id = id, .versions = {.is_deployed = true}}; }

TEST(LiveState, ComparesWithWhatTheServiceReturnedAfterTheLastDeployment) {
  Workshop workshop;
  workshop.deploy_flows({"edited", "gone", "kept"});
  workshop.edit_in_console("edited", "by hand");
  workshop.edit_in_console("stranger", "of somebody else");
  workshop.delete_in_console("gone");
  const LiveState state = state_of(workshop, {deployed("edited"), deployed("gone"), deployed("kept")});
  EXPECT_EQ(state.listed.size(), 3U);
  EXPECT_TRUE(state.listed.contains("stranger"));
  EXPECT_EQ(state.flows.at("kept").match, LiveMatch::as_deployed);
  EXPECT_EQ(state.flows.at("gone").match, LiveMatch::missing);
  EXPECT_FALSE(state.flows.at("gone").is_listed);
  EXPECT_FALSE(state.flows.contains("stranger"));
  const LiveFlow& edited = state.flows.at("edited");
  EXPECT_EQ(edited.match, LiveMatch::edited);
  ASSERT_EQ(edited.edits.size(), 1U);
  EXPECT_EQ(edited.edits[0].pointer, "/metadata/name");
}

TEST(LiveState, KeepsTheVersionsOnlyWhereTheyAreAskedFor) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  const Lookup sent{.flow_id = "a", .versions = {.intent = Intent::send, .is_deployed = true}};
  const LiveFlow with = state_of(workshop, {sent}).flows.at("a");
  ASSERT_TRUE(with.version);
  EXPECT_EQ(with.version->flow.id, "a");
  EXPECT_NE(with.version->exported.text().find("\"flowId\": \"a\""), std::string::npos)
      << with.version->exported.text();
  const LiveFlow without = state_of(workshop, {deployed("a")}, Keep::comparison).flows.at("a");
  EXPECT_FALSE(without.version);
  EXPECT_EQ(without.digest, with.digest);
  EXPECT_TRUE(without.is_listed);
}

TEST(LiveState, OfAFlowThatStaysKeepsTheVersionOnlyWhereItWasEdited) {
  Workshop workshop;
  workshop.deploy_flows({"edited", "kept"});
  workshop.edit_in_console("edited", "by hand");
  const LiveState state = state_of(workshop, {deployed("edited"), deployed("kept")});
  EXPECT_TRUE(state.flows.at("edited").version);
  EXPECT_FALSE(state.flows.at("kept").version);
}

TEST(LiveState, AFlowThatWasNeverDeployedIsNotMissing) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  const Lookup added{.flow_id = "new", .versions = {.intent = Intent::send}};
  EXPECT_EQ(state_of(workshop, {added}).flows.at("new").match, LiveMatch::as_deployed);
}

TEST(LiveFlows, AreReadAndListed) {
  Workshop workshop;
  workshop.edit_in_console("b", "b");
  workshop.edit_in_console("a", "a");
  workshop.with_service([&](api::Service& service) {
    const LiveList listed = list_live_flows(service);
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_TRUE(listed.at("a"));
    EXPECT_EQ(read_live_flow("a", service).version->flow.id, "a");
    EXPECT_FALSE(read_live_flow("c", service).version);
    EXPECT_FALSE(read_live_flow("c", service).error.empty());
  });
}

TEST(LiveFlows, AServiceThatCannotBeAskedIsAnError) {
  Workshop workshop;
  workshop.service().stop();
  workshop.with_service([](api::Service& service) {
    EXPECT_THROW(list_live_flows(service), Error);
    EXPECT_FALSE(read_live_flow("a", service).error.empty());
  });
}

TEST(LiveState, AFlowWhoseTagIsAsRecordedIsNotExported) {
  Workshop workshop;
  workshop.deploy_flows({"edited", "kept"});
  workshop.edit_in_console("edited", "by hand");
  const LiveState state = kept_state_of(workshop, {"edited", "kept"}, Compare::tagged);
  EXPECT_EQ(state.flows.at("kept").match, LiveMatch::as_deployed);
  EXPECT_EQ(state.flows.at("kept").digest, "") << "not exported";
  EXPECT_EQ(state.flows.at("edited").match, LiveMatch::edited);
  EXPECT_EQ(state.not_compared, 0U);
  EXPECT_NE(kept_state_of(workshop, {"kept"}, Compare::all).flows.at("kept").digest, "");
}

TEST(Drift, SaysWhatHappenedAndWhichCommandsFixIt) {
  const Drift edited{.flow_id = "a", .match = LiveMatch::edited, .edits = {}, .error = {}};
  EXPECT_EQ(edited.state(), "drifted");
  EXPECT_NE(edited.hint("production").find("`flowship pull a --env production`"), std::string::npos);
  EXPECT_NE(edited.hint("").find("`flowship deploy a --on-drift overwrite`"), std::string::npos);
  const Drift foreign{.flow_id = "a", .match = LiveMatch::foreign, .edits = {}, .error = {}};
  EXPECT_NE(foreign.sentence().find("never deployed by flowship"), std::string::npos);
}

}  // namespace
}  // namespace flowship::deploy
