#include "check/engine/check.hpp"

#include "check/base_flow.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace flowship::check {
namespace {

const std::string kContents = "flows/sign-up/contents.json";
const std::string kMetadata = "flows/sign-up/metadata.json";

/// Faults in three files, in several groups.
Files broken_repository() {
  return edited(base_repository(),
                {{kContents, "\"startTask\": \"0\"", "\"startTask\": \"77\""},
                 {kContents, "\"screenId\": \"SC2xUaVerify00000000000000002\"", "\"screenId\": \"SC2gone\""},
                 {kMetadata, "\"Sign Up\"", "7"},
                 {"flows/collect-profile/contents.json", "\"next\": {}", "\"next\": {"}});
}

std::vector<std::string> rules_of(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const Finding& finding : findings) ids.push_back(finding.rule);
  return ids;
}

TEST(Check, SortsAllFindings) {
  const std::vector<Finding> findings = check(read(broken_repository()), {});
  const std::vector<std::string> expected = {"syntax", "start-task", "screen-task", "wrong-type", "unused-screen"};
  EXPECT_EQ(rules_of(findings), expected) << listed(findings);
}

TEST(Check, AppliesConfiguredSeverities) {
  Settings settings;
  settings.severities = {{"wrong-type", Severity::note}, {"screen-task", Severity::off}};
  const std::vector<Finding> findings = check(read(broken_repository()), settings);
  const std::vector<std::string> expected = {"syntax", "start-task", "wrong-type", "unused-screen"};
  EXPECT_EQ(rules_of(findings), expected) << listed(findings);
  EXPECT_EQ(findings[2].severity, Severity::note);
}

TEST(Check, LowersTheSeverityOfAFindingUnlessItIsConfigured) {
  std::string tasks;
  for (int index = 0; index < 150; ++index) {
    tasks +=
        (index == 0 ? "\"t" : ", \"t") + std::to_string(index) + "\": {\"type\": \"automated\", \"action\": \"x\"}";
  }
  const Files files =
      edited(base_repository(),
             {{"flows/collect-profile/contents.json", "", "{\"startTask\": \"t0\", \"tasks\": {" + tasks + "}}"}});
  const auto severity = [&](const std::map<std::string, Severity>& configured) {
    Settings settings;
    settings.severities = configured;
    for (const Finding& finding : check(read(files), settings)) {
      if (finding.rule == "too-many-tasks") return finding.severity;
    }
    return Severity::off;
  };
  EXPECT_EQ(severity({}), Severity::note);
  EXPECT_EQ(severity({{"too-many-tasks", Severity::error}}), Severity::error);
  EXPECT_EQ(severity({{"too-many-tasks", Severity::off}}), Severity::off);
}

TEST(Check, DropsIgnoredFindingsWithAReason) {
  const auto remaining = [](IgnoreEntry entry) {
    Settings settings;
    settings.ignore = {std::move(entry)};
    return check(read(broken_repository()), settings).size();
  };
  EXPECT_EQ(remaining({"start-task", kContents, "sign-up", "it is being rebuilt"}), 4U);
  EXPECT_EQ(remaining({"start-task", "", "", "it is being rebuilt"}), 4U);
  EXPECT_EQ(remaining({"start-task", "flows/sign-up", "", "a flow's folder"}), 4U);
  EXPECT_EQ(remaining({"start-task", "flows/", "", "a folder further up"}), 4U);
  EXPECT_EQ(remaining({"start-task", "flows/sign", "", "half of a name"}), 5U);
  EXPECT_EQ(remaining({"start-task", "", "", " "}), 5U) << "no reason";
  EXPECT_EQ(remaining({"start-task", kMetadata, "", "another file"}), 5U);
  EXPECT_EQ(remaining({"start-task", "", "sign-in", "another flow"}), 5U);
  EXPECT_EQ(remaining({"syntax", "", "", "layout problems can be excused as well"}), 4U);
}

TEST(Check, NeverShowsAWholeSecret) {
  const std::string key = std::string("K") + "2xUaTq0cWJr8sKfYp3HdZ1vQnAeB";
  const Files files =
      edited(base_repository(), {{kContents, "\"interactionId\": \"resend\",\n            \"taskId\": \"1\"",
                                  "\"interactionId\": \"" + key + "\", \"taskId\": \"" + key + "\""},
                                 {kMetadata, "\"fingerprint\"", "\"" + key + "\""}});
  const std::vector<Finding> findings = check(read(files), {});
  EXPECT_GE(findings.size(), 5U) << listed(findings);
  for (const Finding& finding : findings) {
    EXPECT_EQ((finding.message + finding.hint).find(key.substr(0, 5)), std::string::npos) << finding.message;
  }
}

TEST(Check, IsTheSameOnSeveralThreads) {
  Files files;
  for (int copy = 0; copy < 100; ++copy) {
    const std::string folder = "flows/sign-up-" + std::to_string(copy) + "/";
    for (const auto& [path, text] : edited(base_repository(), {{kContents, "\"sendCode01\"", "\"sendCode02\""}})) {
      if (path.starts_with("flows/sign-up/")) files[folder + path.substr(14)] = text;
    }
  }
  const std::vector<Finding> findings = check(read(files), {});
  EXPECT_EQ(findings.size(), 200U);
  for (const std::string rule : {"missing-subflow", "rule-interaction"}) {
    EXPECT_EQ(std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.rule == rule; }), 100);
  }
  EXPECT_TRUE(std::is_sorted(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.path, a.line, a.column, a.rule) < std::tie(b.path, b.line, b.column, b.rule);
  }));
}

}  // namespace
}  // namespace flowship::check
