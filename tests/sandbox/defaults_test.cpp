#include "json/compare.hpp"
#include "sandbox/shape.hpp"

#include <gtest/gtest.h>

namespace flowship::sandbox {
namespace {

std::string filled(const std::string& flow) {
  const auto document = json::Document::parse(flow);
  return with_defaults(document->root());
}

bool same_value(const std::string& a, const std::string& b, json::Empties empties = json::Empties::distinct) {
  return json::equal(json::Document::parse(a)->root(), json::Document::parse(b)->root(), empties);
}

TEST(Defaults, FillMissingMembers) {
  EXPECT_TRUE(same_value(filled(R"({"flowId":"a","metadata":{},"contents":{}})"),
                         R"({"flowId":"a","contents":{},"screens":[],
    "metadata":{"name":"","description":"","componentsVersion":"2.0.527","disabled":false,"fingerprint":false,
      "widget":false,"sharedInteractions":[],
      "translation":{"enabled":false,"connectorId":"","sourceLanguage":"","targetLanguages":[]}},
    "references":{"connectors":{},"oauth":[],"roles":[],"userAttributes":[],"tenantAttributes":[]}})"));
}

TEST(Defaults, FillNestedObjects) {
  const std::string text = filled(R"({"flowId":"a","metadata":{"sharedInteractions":[{"id":"1"}],
    "translation":{"enabled":true}},"contents":{},"references":{"roles":["r"]},
    "screens":[{"screenId":"s","contents":{}},{"screenId":"t","contents":{},"interactions":[{"label":"go"}]}]})");
  const auto document = json::Document::parse(text);
  const json::Value root = document->root();
  const json::Value metadata = root.find("metadata");
  EXPECT_TRUE((*metadata.find("sharedInteractions").items().begin()).find("subType").is_string(""));
  EXPECT_TRUE(metadata.find("translation").find("enabled").boolean());
  EXPECT_EQ(metadata.find("translation").find("targetLanguages").text(), "[]");
  EXPECT_EQ(root.find("references").find("roles").text(), R"(["r"])");
  EXPECT_EQ(root.find("references").find("connectors").text(), "{}");
  auto screen = root.find("screens").items().begin();
  EXPECT_EQ((*screen).find("interactions").text(), "[]");
  ++screen;
  EXPECT_EQ((*(*screen).find("interactions").items().begin()).find("id").text(), "\"\"");
}

TEST(Defaults, KeepAllOtherBytes) {
  const std::string contents = "{ \"startTask\" :\"\\u0061\",\t\"n\":[1.10,-0,1e400,123456789012345678901234567890] }";
  const std::string text =
      filled(R"({"zeta":{"b":1,"a":2},"flowId":"a","metadata":{"future":1.0},"screens":[{"screenId":"s","contents":)" +
             contents + R"(}],"contents":)" + contents + "}");
  const auto document = json::Document::parse(text);
  const json::Value root = document->root();
  EXPECT_EQ(root.find("contents").text(), contents);
  EXPECT_EQ((*root.find("screens").items().begin()).find("contents").text(), contents);
  EXPECT_EQ(root.find("zeta").text(), R"({"b":1,"a":2})");
  EXPECT_EQ(root.find("metadata").find("future").text(), "1.0");
}

TEST(Defaults, ReplaceNull) {
  const std::string text =
      filled(R"({"flowId":"a","metadata":{"name":null,"translation":null},"contents":{},"screens":null})");
  const auto document = json::Document::parse(text);
  EXPECT_EQ(document->root().find("metadata").find("name").text(), "\"\"");
  EXPECT_TRUE(document->root().find("metadata").find("translation").is(json::Type::object));
  EXPECT_EQ(document->root().find("screens").text(), "[]");
}

TEST(Defaults, AreIdempotent) {
  const std::string once = filled(R"({"flowId":"a","metadata":{},"contents":{},"screens":[{"screenId":"s",
    "contents":{},"interactions":[{"id":"i"}]}]})");
  EXPECT_EQ(filled(once), once);
}

}  // namespace
}  // namespace flowship::sandbox
