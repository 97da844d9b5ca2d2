#include "deploy/plan/checks/flow_check.hpp"

#include "deploy/flows.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

/// A flow that starts at a task which is not there.
flow::Flow wrong_flow() {
  return flow_from(R"({"flowId": "a", "metadata": {"name": "A"}, "contents": {"startTask": "none", "tasks": {}}})");
}

std::set<std::string> rules_of(const std::vector<check::Finding>& findings) {
  std::set<std::string> rules;
  for (const check::Finding& finding : findings) rules.insert(finding.rule);
  return rules;
}

class NoOtherFlows final : public check::FlowLookup {
  std::optional<flow::Flow> find(const std::string&) const override { return std::nullopt; }
};

TEST(ErrorsOf, AreTheErrorsAlone) {
  const auto found = errors_of(wrong_flow(), nullptr, {}, nullptr);
  ASSERT_FALSE(found.empty());
  for (const check::Finding& finding : found) EXPECT_EQ(finding.severity, check::Severity::error);
}

TEST(ErrorsOf, AnEntryForAPlaceInTheSourceIsOneForTheFlow) {
  const std::string rule = *rules_of(errors_of(wrong_flow(), nullptr, {}, nullptr)).begin();
  check::Settings settings;
  settings.ignore.push_back({.rule = rule, .path = "flows/a", .flow_id = {}, .reason = "known"});
  const flow::Source here{.layout = flow::Layout::snapshot, .path = "flows/a", .files = {}};
  const flow::Source elsewhere{.layout = flow::Layout::snapshot, .path = "flows/b", .files = {}};
  EXPECT_FALSE(rules_of(errors_of(wrong_flow(), &here, settings, nullptr)).contains(rule));
  EXPECT_TRUE(rules_of(errors_of(wrong_flow(), &elsewhere, settings, nullptr)).contains(rule));
}

TEST(ErrorsOfOverrides, PointToTheConfigurationWhereItNamesTheFlow) {
  flow::Flow sent = wrong_flow();
  sent.source.path = "a.json";
  check::Settings settings;
  std::vector<check::Finding> found = errors_of_overrides(sent, settings, "production", NoOtherFlows());
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].path, "a.json");
  EXPECT_NE(found[0].message.find("`production`"), std::string::npos);
  settings.names.push_back({.kind = check::ConfiguredName::Kind::flow,
                            .name = "a",
                            .environment = "production",
                            .path = "flowship.json",
                            .line = 7,
                            .column = 3});
  found = errors_of_overrides(sent, settings, "production", NoOtherFlows());
  EXPECT_EQ(found[0].path, "flowship.json");
  EXPECT_EQ(found[0].line, 7);
}

}  // namespace
}  // namespace flowship::deploy
