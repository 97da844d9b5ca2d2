#include "deploy/plan/checks/check_scope.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

Config config(const std::string& text) { return parse_config(text, "flowship.json"); }
ServerPolicy policy(const std::string& text) { return parse_server_policy(text, "policy.json"); }

TEST(CheckScopes, AreOnePerListOfSources) {
  const std::vector<CheckScope> scopes = check_scopes(config(R"({"sources": ["flows"], "environments": {
      "a": {}, "b": {}, "c": {"sources": ["other"], "set": {"x": {"/metadata/disabled": true}}}}})"),
                                                      nullptr);
  ASSERT_EQ(scopes.size(), 2U);
  EXPECT_EQ(scopes[0].sources, std::vector<std::string>{"flows"});
  EXPECT_TRUE(scopes[0].settings.names.empty());
  EXPECT_EQ(scopes[1].sources, std::vector<std::string>{"other"});
  EXPECT_EQ(scopes[1].settings.names.size(), 1U);
}

TEST(CheckScopes, OfAPolicyWithinTheSourcesAreNoneOfTheirOwn) {
  const Config pushed = config(R"({"sources": ["flows"]})");
  EXPECT_TRUE(demanded_scopes(pushed, policy(R"({"sources": ["flows/a"]})")).empty());
  EXPECT_TRUE(demanded_scopes(pushed, policy("{}")).empty());
  EXPECT_TRUE(demanded_scopes(config("{}"), policy(R"({"rules": {"jwt": "error"}})")).empty());
}

TEST(CheckScopes, ReportOfAPolicyWhatTheConfigurationLeavesOut) {
  const Config pushed = config(R"({"sources": ["flows/a"], "rules": {"jwt": "off", "no-end": "error"}})");
  const std::vector<CheckScope> scopes = demanded_scopes(pushed, policy(R"({"sources": ["flows"],
      "rules": {"jwt": "warning"}})"));
  ASSERT_EQ(scopes.size(), 1U);
  EXPECT_TRUE(scopes[0].reports("flows/b/x.json"));
  EXPECT_FALSE(scopes[0].reports("flows/a/x.json"));
  EXPECT_EQ(scopes[0].settings.severities.at("jwt"), check::Severity::warning);
  EXPECT_EQ(scopes[0].settings.severities.at("no-end"), check::Severity::error);
}

TEST(CheckScopes, OfAPolicyWithoutSourcesAreEverywhereForItsRulesAlone) {
  const std::vector<CheckScope> scopes =
      demanded_scopes(config(R"({"sources": ["flows"]})"), policy(R"({"rules": {"jwt": "error"}})"));
  ASSERT_EQ(scopes.size(), 1U);
  EXPECT_TRUE(scopes[0].sources.empty());
  EXPECT_EQ(scopes[0].settings.severities.at("jwt"), check::Severity::error);
  EXPECT_EQ(scopes[0].settings.severities.at("syntax"), check::Severity::off);
}

TEST(ServerPolicy, TightensSeveritiesAndDropsEntriesForWhatItNames) {
  check::Settings pushed;
  pushed.severities = {{"jwt", check::Severity::off}, {"no-end", check::Severity::error}};
  pushed.ignore = {{"jwt", "a", "", "because"}, {"syntax", "a", "", "because"}};
  const check::Settings both = policy(R"({"rules": {"jwt": "note", "no-end": "off", "insecure-url": "note"},
          "ignore": [{"rule": "jwt", "path": "b", "reason": "a sample"}]})")
                                   .tightened(pushed);
  EXPECT_EQ(both.severities.at("jwt"), check::Severity::note);
  EXPECT_EQ(both.severities.at("no-end"), check::Severity::error);
  EXPECT_EQ(both.severities.at("insecure-url"), check::Severity::warning);
  ASSERT_EQ(both.ignore.size(), 2U);
  EXPECT_EQ(both.ignore[0].rule, "syntax");
  EXPECT_EQ(both.ignore[1].path, "b");
}

}  // namespace
}  // namespace flowship::deploy
