#include "sandbox/shape.hpp"

#include <gtest/gtest.h>

namespace flowship::sandbox {
namespace {

std::optional<Refusal> check(const std::string& body) {
  const auto document = json::Document::parse(body);
  return check_import(document->root());
}

std::string flow_with(const std::string& members) { return R"({"flow":{"flowId":"a","contents":{},)" + members + "}}"; }

TEST(Shape, AcceptsMinimalAndCompleteFlows) {
  EXPECT_FALSE(check(R"({"flow":{"flowId":"a","metadata":{},"contents":{}}})"));
  EXPECT_FALSE(check(R"({"skipRender":true,"changelog":"why","later":[1],"flow":{"flowId":"A_b-9","contents":{"x":1.10},
    "metadata":{"name":"n","description":"","componentsVersion":"2.0.5","disabled":true,"fingerprint":false,
      "widget":false,"management":true,"managementConfig":{"triggers":{}},"unknown":1,
      "translation":{"enabled":true,"connectorId":"c","sourceLanguage":"en","targetLanguages":["ar"]},
      "sharedInteractions":[{"id":"i","type":"t","label":"l","icon":"","subType":"","other":7}]},
    "screens":[{"screenId":"S","interactions":[{"id":"i"}],"contents":{"ROOT":{}}}],
    "references":{"connectors":{"SMTP":"CI1"},"oauth":["o"],"roles":[],"userAttributes":["u"],"tenantAttributes":[]}}})"));
}

TEST(Shape, AcceptsNullForOptionalMembers) {
  EXPECT_FALSE(check(flow_with(R"("metadata":{"name":null,"translation":null},"screens":null,"references":null)")));
}

TEST(Shape, AcceptsRolesAsListOrMapAndEmptyReferences) {
  for (const std::string references :
       {R"("roles":["Admin"])", R"("roles":{"Admin":"ROL1"})", R"("roles":{})", R"("oauth":{},"omitted":["roles"])"}) {
    EXPECT_FALSE(check(flow_with(R"("metadata":{},"references":{)" + references + "}"))) << references;
  }
  EXPECT_TRUE(check(flow_with(R"("metadata":{},"references":{"roles":{"Admin":1}})")));
  EXPECT_TRUE(check(flow_with(R"("metadata":{},"references":{"oauth":{"google":"1"}})")));
}

TEST(Shape, ReportsMissingMembers) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "/flow"},
      {R"({"flow":null})", "/flow"},
      {R"({"flow":{"metadata":{},"contents":{}}})", "/flow/flowId"},
      {R"({"flow":{"flowId":"a","contents":{}}})", "/flow/metadata"},
      {R"({"flow":{"flowId":"a","metadata":{}}})", "/flow/contents"},
      {R"({"flow":{"flowId":"a","metadata":{},"contents":{},"screens":[{"contents":{}}]}})",
       "/flow/screens/0/screenId"},
      {R"({"flow":{"flowId":"a","metadata":{},"contents":{},"screens":[{"screenId":"s"}]}})",
       "/flow/screens/0/contents"},
  };
  for (const auto& [body, pointer] : cases) {
    const auto refusal = check(body);
    ASSERT_TRUE(refusal) << body;
    EXPECT_EQ(refusal->status, 400);
    EXPECT_EQ(refusal->code, "E011002") << body;
    EXPECT_EQ(refusal->description, std::string(pointer) + " is required");
  }
}

TEST(Shape, ReportsThePointerOfAWrongType) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("metadata":[])", "/flow/metadata must be an object"},
      {R"("metadata":{"name":1})", "/flow/metadata/name must be a string"},
      {R"("metadata":{"disabled":"no"})", "/flow/metadata/disabled must be a boolean"},
      {R"("metadata":{"translation":{"targetLanguages":[1]}})",
       "/flow/metadata/translation/targetLanguages/0 must be a string"},
      {R"("metadata":{"sharedInteractions":{}})", "/flow/metadata/sharedInteractions must be an array of objects"},
      {R"("metadata":{"sharedInteractions":[{},{"id":4}]})", "/flow/metadata/sharedInteractions/1/id must be a string"},
      {R"("metadata":{},"screens":{})", "/flow/screens must be an array of objects"},
      {R"("metadata":{},"screens":[3])", "/flow/screens/0 must be an object"},
      {R"("metadata":{},"screens":[{"screenId":"s","contents":{},"interactions":[{"label":false}]}])",
       "/flow/screens/0/interactions/0/label must be a string"},
      {R"("metadata":{},"references":{"connectors":{"a/b":1}})", "/flow/references/connectors/a~1b must be a string"},
      {R"("metadata":{},"references":{"roles":"admin"})", "/flow/references/roles must be an array of strings"},
  };
  for (const auto& [members, description] : cases) {
    const auto refusal = check(flow_with(members));
    ASSERT_TRUE(refusal) << members;
    EXPECT_EQ(refusal->code, "E011003");
    EXPECT_EQ(refusal->description, description);
  }
  EXPECT_EQ(check("[]")->description, "the body must be an object");
  EXPECT_EQ(check(R"({"flow":[]})")->description, "/flow must be an object");
  EXPECT_EQ(check(R"({"flow":{"flowId":7,"metadata":{},"contents":{}}})")->description,
            "/flow/flowId must be a string");
}

TEST(Shape, AcceptsOnlyValidIds) {
  EXPECT_TRUE(is_flow_id("sign-up-or-in"));
  EXPECT_TRUE(is_flow_id(std::string(128, 'a')));
  for (const std::string& id : {std::string(), std::string(129, 'a'), std::string("../x"), std::string("a b"),
                                std::string("ä"), std::string("a\0b", 3), std::string("a/b"), std::string(".")}) {
    EXPECT_FALSE(is_flow_id(id)) << id;
  }
  EXPECT_TRUE(check(R"({"flow":{"flowId":"../x","metadata":{},"contents":{}}})"));
}

}  // namespace
}  // namespace flowship::sandbox
