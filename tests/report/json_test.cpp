#include "json/document.hpp"
#include "report/samples.hpp"

#include <gtest/gtest.h>

namespace flowship::report {
namespace {

flowship::json::DocumentPtr parsed(const std::string& text) { return flowship::json::Document::parse(text, "output"); }

std::vector<std::string> names(flowship::json::Value object) {
  std::vector<std::string> result;
  for (const auto member : object.members()) result.push_back(member.name());
  return result;
}

using Names = std::vector<std::string>;

TEST(Json, HasTheDocumentedMembers) {
  const Format& json = format_of("json");
  const auto validation = parsed(json.validation(samples::validation(), {}));
  EXPECT_EQ(names(validation->root()), (Names{"schemaVersion", "ok", "flows", "findings", "counts", "error"}));
  EXPECT_FALSE(validation->root().find("ok").boolean());
  for (const auto finding : validation->root().find("findings").items()) {
    EXPECT_EQ(names(finding),
              (Names{"rule", "severity", "message", "path", "line", "column", "flowId", "hint", "places"}));
  }
  EXPECT_EQ(names(validation->root().find("counts")), (Names{"error", "warning", "note"}));

  const auto plan = parsed(json.plan(samples::empty_plan(), {}));
  EXPECT_EQ(names(plan->root()),
            (Names{"schemaVersion", "ok", "environment", "projectId", "target", "base", "changes", "unchanged",
                   "leftBehind", "findings", "warnings", "live", "guarantees", "drift"}));
  EXPECT_TRUE(plan->root().find("base").is(flowship::json::Type::null));

  const auto deployment = parsed(json.deployment(samples::empty_deployment(), {}));
  EXPECT_TRUE(deployment->root().find("ok").boolean());
  EXPECT_TRUE(deployment->root().find("record").is(flowship::json::Type::null));

  const auto status = parsed(json.status(samples::empty_status(), {}));
  EXPECT_TRUE(status->root().find("deployed").is(flowship::json::Type::null));
}

TEST(Json, IsValidForAnyPath) {
  const std::string path = std::string("a/\x01\"\\\xFF\xED\xA0\x80/\xE2\x80\xA8") + '\0' + "👋";
  Validation validation{.flows = 1, .findings = {}, .text_of = nullptr};
  validation.findings.push_back({.rule = "syntax", .message = path, .hint = path, .path = path, .flow_id = path});
  const auto document = parsed(format_of("json").validation(validation, {}));
  const auto read = document->root().find("findings").items();
  EXPECT_EQ((*read.begin()).find("path").string(),
            std::string("a/\x01\"\\\uFFFD\uFFFD\uFFFD\uFFFD/\xE2\x80\xA8") + '\0' + "👋");
  EXPECT_NO_THROW(parsed(format_of("sarif").validation(validation, {})));
}

TEST(Json, HasTheErrorAndItsHint) {
  const auto document = parsed(format_of("json").error(samples::error()));
  EXPECT_FALSE(document->root().find("ok").boolean());
  EXPECT_EQ(names(document->root().find("error")), (Names{"message", "hint"}));
}

TEST(Json, HasTheFindingsThatStoppedADeployment) {
  const std::vector<check::Finding> findings = samples::validation().findings;
  const auto refused = parsed(format_of("json").refusal({samples::error(), findings}));
  const auto validated = parsed(format_of("json").validation(samples::validation(), {}));
  EXPECT_EQ(names(refused->root()), (Names{"schemaVersion", "ok", "findings", "counts", "error"}));
  for (const char* name : {"findings", "counts"}) {
    EXPECT_EQ(refused->root().find(name).text(), validated->root().find(name).text());
  }
}

}  // namespace
}  // namespace flowship::report
