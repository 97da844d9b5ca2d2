#include "report/causes.hpp"

#include "report/report.hpp"

#include <gtest/gtest.h>

namespace flowship::report {
namespace {

using check::Finding;
using check::Severity;

Finding missing_connector(const std::string& flow_id, const std::string& cause = "CI2mial") {
  return {.rule = "missing-connector",
          .severity = Severity::warning,
          .message = "task `Send` (1) uses the connector `" + cause + "`",
          .hint = "add it",
          .path = "flows/" + flow_id + ".json",
          .line = 3,
          .column = 7,
          .flow_id = flow_id,
          .cause = cause};
}

/// Twenty flows that use one connector, the third of them twice, and one that uses another.
Validation twenty_flows() {
  Validation validation{.flows = 21, .findings = {}, .text_of = nullptr};
  for (int number = 10; number < 30; ++number) {
    validation.findings.push_back(missing_connector("f" + std::to_string(number)));
  }
  validation.findings[2].places = {{9, 9, "`Send` (2)"}};
  validation.findings.insert(validation.findings.begin() + 4, missing_connector("other", "CI2sms"));
  return validation;
}

std::size_t number_of(std::string_view what, const std::string& text) {
  std::size_t number = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++number;
  return number;
}

std::string shown(std::string_view format, const Style& style = {}) {
  return format_of(format).validation(twenty_flows(), style);
}

constexpr const char* kOthers =
    "also in 19 more files: flows/f11.json:3:7, flows/f12.json:3:7 (2 places), flows/f13.json:3:7, "
    "flows/f14.json:3:7, flows/f15.json:3:7 and 14 more";

TEST(Causes, AreShownOnceInTextAndAnnotations) {
  EXPECT_EQ(shown("text"),
            std::string("flows/f10.json:3:7: warning: task `Send` (1) uses the connector `CI2mial` "
                        "[missing-connector]\n  ") +
                kOthers +
                "\n  hint: add it\n\n"
                "flows/other.json:3:7: warning: task `Send` (1) uses the connector `CI2sms` [missing-connector]\n"
                "  hint: add it\n\n"
                "21 warnings in 21 flows (2 causes)\n");
  EXPECT_EQ(number_of("::warning ", shown("github")), 2U);
  EXPECT_NE(shown("github").find(std::string("%0A") + kOthers + "%0Aadd it"), std::string::npos) << shown("github");
  EXPECT_EQ(number_of("| warning |", shown("markdown")), 2U);
  EXPECT_NE(shown("markdown").find("and 14 more"), std::string::npos);
}

TEST(Causes, HaveAllTheirPlacesWithVerbose) {
  const std::string text = shown("text", {.verbose = true});
  EXPECT_NE(text.find("flows/f29.json:3:7\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("more\n"), std::string::npos);
}

TEST(Causes, HaveALinePerFindingWithQuietAndAnEntryForPrograms) {
  EXPECT_EQ(number_of("\n", shown("text", {.quiet = true})), 21U);
  EXPECT_EQ(number_of("\"rule\": \"missing-connector\"", shown("json")), 21U);
  EXPECT_EQ(number_of("\"ruleId\"", shown("sarif")), 21U);
  EXPECT_EQ(number_of("\"check_name\"", shown("gitlab")), 21U);
  EXPECT_EQ(number_of("<testcase", shown("junit")), 21U);
}

TEST(Causes, AreApartByRuleAndSeverity) {
  std::vector<Finding> findings(3, missing_connector("a"));
  findings[1].severity = Severity::error;
  findings[2].rule = "unmapped-connector";
  EXPECT_EQ(causes_of(findings).size(), 3U);
  findings.assign(2, missing_connector("a", ""));
  EXPECT_EQ(causes_of(findings).size(), 2U);
}

TEST(Causes, AreNotedOnAPlansPage) {
  deploy::Plan plan;
  plan.environment = "production";
  plan.findings = twenty_flows().findings;
  for (Finding& finding : plan.findings) finding.severity = Severity::error;
  const std::string page = format_of("html").plan(plan, {});
  EXPECT_EQ(number_of("uses the connector", page), 2U);
  EXPECT_NE(page.find("and 14 more"), std::string::npos);
}

}  // namespace
}  // namespace flowship::report
