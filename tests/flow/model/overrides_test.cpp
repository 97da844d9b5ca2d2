#include "flow/model/overrides.hpp"

#include "base/error.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/payload.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

Flow flow_of(const std::string& text) {
  const auto document = json::Document::parse(text, "f.json");
  return flow_of_export(document, document->root());
}

const std::string kFlow =
    R"({"flowId":"f","metadata":{"name":"F","n": 1.10,"translation":{"connectorId":"CI1"}},)"
    R"("contents":{"startTask":"0","tasks":{"3":{"name":"x", "id":"CI1", "CI1":[ "CI1","CI10","CI2" ]}}},)"
    R"("screens":[{"screenId":"A","contents":{"c":"CI1"}},{"screenId":"1","contents":{}}],)"
    R"("references":{"connectors":{"Mail":"CI1","SMS":"CI2"}},"note":"CI1"})";

std::string set(const std::string& pointer, const std::string& value) {
  return export_text(overridden(flow_of(kFlow), {{}, {{"f", {{pointer, value}}}}}));
}

std::string failure(const std::string& pointer, const std::string& value = "1") {
  try {
    set(pointer, value);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid);
    EXPECT_NE(error.message().find("`f`"), std::string::npos) << error.message();
    return error.message() + " | " + error.hint();
  }
  ADD_FAILURE() << pointer << " was taken";
  return {};
}

TEST(Overrides, ReplaceOnlyStringsEqualToTheConnectorId) {
  EXPECT_EQ(export_text(overridden(flow_of(kFlow), {{{"Mail", "P\"2"}}, {}})),
            R"({"flowId":"f","metadata":{"name":"F","n":1.10,"translation":{"connectorId":"P\"2"}},)"
            R"("contents":{"startTask":"0","tasks":{"3":{"name":"x", "id":"P\"2", "CI1":[ "P\"2","CI10","CI2" ]}}},)"
            R"("screens":[{"screenId":"A","contents":{"c":"P\"2"}},{"screenId":"1","contents":{}}],)"
            R"("references":{"connectors":{"Mail":"P\"2","SMS":"CI2"}},"note":"P\"2"})");
}

TEST(Overrides, SwapTwoConnectors) {
  const std::string text = export_text(overridden(flow_of(kFlow), {{{"Mail", "CI2"}, {"SMS", "CI1"}}, {}}));
  EXPECT_NE(text.find(R"({"Mail":"CI2","SMS":"CI1"})"), std::string::npos) << text;
}

TEST(Overrides, IgnoreFlowsWithoutTheConnector) {
  const Flow flow = flow_of(kFlow);
  EXPECT_EQ(export_text(overridden(flow, {{{"Push", "P2"}}, {}})), export_text(flow));
  const Flow empty = flow_of(R"({"flowId":"f","metadata":{"name":""},"references":{"connectors":{"Mail":""}}})");
  EXPECT_EQ(export_text(overridden(empty, {{{"Mail", "P2"}}, {}})), export_text(empty));
}

TEST(Overrides, RefuseToMapOneIdToTwo) {
  const Flow flow = flow_of(R"({"flowId":"f","references":{"connectors":{"A":"CI1","B":"CI1"}}})");
  EXPECT_THROW(overridden(flow, {{{"A", "P1"}, {"B", "P2"}}, {}}), Error);
  EXPECT_NO_THROW(overridden(flow, {{{"A", "P1"}, {"B", "P1"}}, {}}));
}

TEST(Overrides, ReplaceTheIdsOfRoles) {
  const Flow flow = flow_of(
      R"({"flowId":"f","contents":{"role":"ROL1","other":"ROL2"},"references":{"roles":{"Admin":"ROL1","User":"ROL2"}}})");
  EXPECT_EQ(export_text(overridden(flow, {{}, {}, {{"Admin", "ROL9"}}})),
            R"({"flowId":"f","contents":{"role":"ROL9","other":"ROL2"},)"
            R"("references":{"roles":{"Admin":"ROL9","User":"ROL2"}}})");
}

TEST(Overrides, LeaveAListOfRolesAsItIs) {
  const Flow flow = flow_of(R"({"flowId":"f","contents":{"role":"Admin"},"references":{"roles":["Admin"]}})");
  EXPECT_EQ(export_text(overridden(flow, {{}, {}, {{"Admin", "ROL9"}}})), export_text(flow));
}

TEST(Overrides, SetValuesByPointer) {
  EXPECT_EQ(set("/metadata/name", "\"G\""), [] {
    std::string text = export_text(flow_of(kFlow));
    return text.replace(text.find("\"F\""), 3, "\"G\"");
  }());
  EXPECT_NE(set("/metadata/disabled", "true").find(R"("translation":{"connectorId":"CI1"},"disabled":true})"),
            std::string::npos);
  EXPECT_NE(set("/metadata/translation/enabled", "1.0").find("\"enabled\""), std::string::npos);
  EXPECT_NE(set("/contents/tasks/3/name", "\"y\"").find(R"("3":{"name":"y", "id")"), std::string::npos);
  EXPECT_NE(set("/contents/tasks/3/CI1/1", "[]").find(R"([ "CI1",[],"CI2" ])"), std::string::npos);
  EXPECT_NE(set("/references/oauth", "[\"x\"]").find(R"("oauth")"), std::string::npos);
  EXPECT_NE(set("/references", "{}").find(R"("references":{})"), std::string::npos);
  EXPECT_NE(set("/note", "2").find(R"("note":2)"), std::string::npos);
  EXPECT_NE(set("/new", "3").find(R"("new":3)"), std::string::npos);
  EXPECT_NE(set("/metadata", "{}").find(R"("metadata":{})"), std::string::npos);
  EXPECT_NE(set("/screens", "[]").find(R"("screens":[])"), std::string::npos);
}

TEST(Overrides, FindScreensByIndexThenById) {
  EXPECT_NE(set("/screens/0/contents/c", "7").find(R"({"screenId":"A","contents":{"c":7}})"), std::string::npos);
  EXPECT_NE(set("/screens/A/contents/c", "7").find(R"({"screenId":"A","contents":{"c":7}})"), std::string::npos);
  EXPECT_NE(set("/screens/1/interactions", "[]").find(R"({"screenId":"1","contents":{},"interactions":[]})"),
            std::string::npos);
  EXPECT_NE(set("/screens/A", R"({"screenId":"B"})").find(R"("screens":[{"screenId":"B"},)"), std::string::npos);
  EXPECT_EQ(overridden(flow_of(kFlow), {{}, {{"f", {{"/screens/A/screenId", "\"B\""}}}}}).screens.at(0).id, "B");
}

TEST(Overrides, ExplainPointersToMissingValues) {
  EXPECT_NE(failure("/contents/taskz/3").find("did you mean `tasks`?"), std::string::npos);
  EXPECT_NE(failure("/contents/taskz/3").find("/contents/taskz/3"), std::string::npos);
  EXPECT_NE(failure("/metdata/name").find("did you mean `metadata`?"), std::string::npos);
  EXPECT_NE(failure("/metadata/translatio/x").find("did you mean `translation`?"), std::string::npos);
  EXPECT_NE(failure("/screens/2/contents").find("`2`"), std::string::npos);
  failure("/contents/tasks/3/CI1/3");
  failure("/contents/tasks/3/CI1/-");
  failure("/contents/startTask/x");
  failure("/screens/B");
  failure("/metadata/name/x");
  failure("/flowId", "\"g\"");
  failure("");
  failure("metadata/name");
}

TEST(Overrides, RefuseMembersOfMissingObjects) {
  const Flow bare = flow_of(R"({"flowId":"f"})");
  EXPECT_THROW(overridden(bare, {{}, {{"f", {{"/metadata/name", "1"}}}}}), Error);
  EXPECT_THROW(overridden(bare, {{}, {{"f", {{"/contents/a", "1"}}}}}), Error);
  EXPECT_EQ(export_text(overridden(bare, {{}, {{"f", {{"/contents", "{}"}}}}})), R"({"flowId":"f","contents":{}})");
}

TEST(Overrides, IgnoreOtherFlows) {
  EXPECT_EQ(export_text(overridden(flow_of(kFlow), {{}, {{"g", {{"/flowId", "1"}}}}})), export_text(flow_of(kFlow)));
}

TEST(Overrides, KeepTheAuthorsPositions) {
  const Flow flow = overridden(flow_of(kFlow), {{{"Mail", "P2"}}, {{"f", {{"/metadata/name", "\"G\""}}}}});
  const Field* name = find(flow.metadata, "name");
  EXPECT_EQ(name->value.text(), "\"G\"");
  EXPECT_EQ(name->at.text(), "\"F\"");
  EXPECT_EQ(name->at.document().name(), "f.json");
  EXPECT_EQ(flow.contents.document().name(), "f.json");
}

TEST(Overrides, TouchOnlyFlowsThatTheyMayChange) {
  const Flow flow = flow_of(kFlow);
  EXPECT_FALSE(touches({}, flow));
  EXPECT_TRUE(touches({{{"Mail", "P2"}}, {}}, flow));
  EXPECT_FALSE(touches({{{"Mail", "CI1"}}, {}}, flow));
  EXPECT_FALSE(touches({{{"Push", "P2"}}, {}}, flow));
  EXPECT_TRUE(touches({{}, {{"f", {{"/note", "1"}}}}}, flow));
  EXPECT_FALSE(touches({{}, {{"f", {}}, {"g", {{"/note", "1"}}}}}, flow));
}

}  // namespace
}  // namespace flowship::flow
