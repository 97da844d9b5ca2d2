#include "deploy/live/live_state.hpp"

#include "base/error.hpp"
#include "deploy/flows.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

LiveState state_of(const Workshop& workshop, const std::vector<Lookup>& lookups, Keep keep = Keep::versions) {
  return workshop.in_workspace([&](Workspace& workspace, const Context&) {
    return workshop.with_service([&](api::Service& service) {
      return read_live_state(lookups, workspace.ledger, workspace.ledger.head(), service, 2, keep);
    });
  });
}

Lookup deployed(const std::string& id) { return {.flow_id = id, .versions = {.is_deployed = true}}; }

TEST(LiveState, ComparesWithWhatTheServiceReturnedAfterTheLastDeployment) {
  Workshop workshop;
  workshop.deploy_flows({"edited", "gone", "kept"});
  workshop.edit_in_console("edited", "by hand");
  workshop.edit_in_console("stranger", "of somebody else");
  workshop.delete_in_console("gone");
  const LiveState state = state_of(workshop, {deployed("edited"), deployed("gone"), deployed("kept")});
  EXPECT_EQ(state.flow_ids, (std::set<std::string>{"edited", "kept", "stranger"}));
  EXPECT_EQ(state.flows.at("kept").match, LiveMatch::as_deployed);
  EXPECT_EQ(state.flows.at("gone").match, LiveMatch::missing);
  EXPECT_TRUE(state.flows.at("gone").is_absent());
  EXPECT_FALSE(state.flows.contains("stranger"));
  const LiveFlow& edited = state.flows.at("edited");
  EXPECT_EQ(edited.match, LiveMatch::edited);
  ASSERT_EQ(edited.differences.size(), 1U);
  EXPECT_EQ(edited.differences[0].pointer, "/metadata/name");
  EXPECT_EQ(edited.differences[0].deployed, "\"edited\"");
  EXPECT_EQ(edited.differences[0].held, "\"by hand\"");
}

TEST(LiveState, KeepsTheVersionsOnlyWhereTheyAreAskedFor) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  const LiveFlow with = state_of(workshop, {deployed("a")}).flows.at("a");
  ASSERT_TRUE(with.version);
  EXPECT_EQ(with.version->flow.id, "a");
  EXPECT_NE(with.version->text.find("\"flowId\": \"a\""), std::string::npos) << with.version->text;
  const LiveFlow without = state_of(workshop, {deployed("a")}, Keep::comparison).flows.at("a");
  EXPECT_FALSE(without.version);
  EXPECT_EQ(without.digest, with.digest);
  EXPECT_FALSE(without.is_absent());
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
    std::vector<std::string> ids = list_live_flows(service);
    std::sort(ids.begin(), ids.end());
    EXPECT_EQ(ids, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(read_live_flow("a", service)->flow.id, "a");
    EXPECT_FALSE(read_live_flow("c", service));
  });
}

TEST(LiveFlows, AServiceThatCannotBeAskedIsAnError) {
  Workshop workshop;
  workshop.service().stop();
  workshop.with_service([](api::Service& service) {
    EXPECT_THROW(list_live_flows(service), Error);
    EXPECT_THROW(read_live_flow("a", service), Error);
  });
}

TEST(DriftText, NamesAFewDifferencesAndCountsTheRest) {
  std::vector<DriftDifference> differences(7, {.pointer = "/a", .deployed = "1", .held = ""});
  const std::string text = drift_text(differences);
  EXPECT_NE(text.find("/a"), std::string::npos);
  EXPECT_NE(text.find("nothing"), std::string::npos) << text;
  EXPECT_NE(text.find("and 2 more"), std::string::npos) << text;
  differences.resize(5);
  EXPECT_EQ(drift_text(differences).find("more"), std::string::npos);
}

}  // namespace
}  // namespace flowship::deploy
