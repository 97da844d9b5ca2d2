#include "check/engine/check.hpp"

#include "check/base_flow.hpp"
#include "check/engine/grouped_check.hpp"
#include "check/engine/merge_faults.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

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

/// A flow of many tasks, `t0` named after its number and so on, each with that member.
Files tasks_with(int count, const std::string& type, const std::string& member) {
  std::string tasks;
  for (int index = 0; index < count; ++index) {
    const std::string number = std::to_string(index);
    tasks += std::string(index == 0 ? "" : ",") + "\n    \"t" + number + "\": {\"id\": \"t" + number +
             "\", \"name\": \"Task " + number + "\", \"type\": \"" + type + "\", " + member + "}";
  }
  return edited(base_repository(),
                {{"flows/collect-profile/contents.json", "", "{\"startTask\": \"t0\", \"tasks\": {" + tasks + "}}"}});
}

TEST(Check, ReportsACauseOnceWithItsPlaces) {
  const std::string mail = R"("action": "x", "arguments": {"connectorId": {"type": "inline", "value": "CI2mail"}})";
  const std::vector<std::tuple<std::string, std::string, std::string>> causes = {
      {"missing-connector", "automated", mail},
      {"screen-task", "screen", R"("screenId": "SC2gone")"},
      {"missing-subflow", "flow", R"("arguments": {"flowId": {"type": "inline", "value": "gone"}})"},
      {"rule-target", "automated", R"("next": {"rules": [{"interactionId": "success", "taskId": "gone"}]})"},
      {"step-target", "automated", R"("arguments": {"exchangeStepId": {"type": "inline", "value": "gone"}})"},
      {"insecure-url", "automated", R"("arguments": {"redirectUrl": {"value": "http://old.example.com/"}})"}};
  for (const auto& cause : causes) {
    const std::string& rule = std::get<0>(cause);
    const Files files = tasks_with(20, std::get<1>(cause), std::get<2>(cause));
    const auto of_rule = [&](Grouping grouping) {
      std::vector<Finding> all = grouped_check(read(files), {}, nullptr, grouping);
      std::erase_if(all, [&](const Finding& finding) { return finding.rule != rule; });
      return all;
    };
    EXPECT_EQ(of_rule(Grouping::by_place).size(), 20U) << rule;
    const std::vector<Finding> findings = of_rule(Grouping::by_cause);
    ASSERT_EQ(findings.size(), 1U) << rule << "\n" << listed(findings);
    EXPECT_NE(findings[0].message.find("`Task 0` (t0)"), std::string::npos) << findings[0].message;
    EXPECT_EQ(findings[0].line, 2) << rule;
    ASSERT_EQ(findings[0].places.size(), 19U) << rule;
    for (int index = 1; index < 20; ++index) {
      const Place& place = findings[0].places[static_cast<std::size_t>(index) - 1];
      EXPECT_EQ(place.line, index + 2) << rule;
      EXPECT_EQ(place.task, "`Task " + std::to_string(index) + "` (t" + std::to_string(index) + ")") << rule;
    }
  }
}

TEST(MergeFaults, AreOneForEachPlaceOfACause) {
  const Files files =
      tasks_with(3, "automated", R"("arguments": {"redirectUrl": {"value": "http://old.example.com/"}})");
  const std::string& text = files.at("flows/collect-profile/contents.json");
  std::set<std::string> messages;
  for (const flow::MergeFault& fault :
       merge_faults(flow::Role::contents, {})(json::Document::parse(text, "a.json"), {})) {
    if (fault.message.find("insecure-url") != std::string::npos) messages.insert(fault.message);
  }
  // Of three versions, each may have another place first.
  EXPECT_EQ(messages.size(), 3U);
}

TEST(Check, ReportsARenamedNodeAndASecretOnce) {
  const std::string secret = std::string("ghp") + "_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6";
  std::string nodes = R"("ROOT": {"nodes": ["new", "gone"]}, "new": {"parent": "ROOT", "nodes": ["a", "b", "gone"]})";
  for (const char* id : {"a", "b"}) {
    nodes += std::string(", \"") + id + R"(": {"parent": "old", "props": {"text": ")" + secret + R"("}})";
  }
  const std::string screen = R"({"screenId": "SC", "contents": {)" + nodes + "}}";
  const Files files =
      edited(base_repository(),
             {{"flows/collect-profile/contents.json", "", "{}"},
              {"flows/collect-profile/screen-a.json", "", screen},
              {"flows/collect-profile/metadata.json", "", R"({"flowId": "collect-profile", "screens": ["a"]})"}});
  const std::vector<Finding> findings = check(read(files), {});
  for (const char* rule : {"node-child", "node-parent", "provider-token"}) {
    const auto is_of_rule = [&](const Finding& finding) { return finding.rule == rule; };
    ASSERT_EQ(std::count_if(findings.begin(), findings.end(), is_of_rule), 1) << rule << "\n" << listed(findings);
    EXPECT_EQ(std::find_if(findings.begin(), findings.end(), is_of_rule)->places.size(), 1U) << rule;
  }
}

TEST(Check, TellsACauseThatSeveralFlowsShare) {
  const std::string contents = R"({"startTask": "t", "tasks": {"t": {"type": "automated", "arguments": {)"
                               R"("connectorId": {"value": "CI2mial"}, "url": {"value": "http://old.example.com"}},)"
                               R"("next": {"rules": [{"taskId": "t"}]}}, "s": {"type": "flow", "arguments": {)"
                               R"("flowId": {"value": "gone"}}}}})";
  Settings settings;
  settings.mapped_connectors["production"] = {{"Mail", "CI2mail"}};
  settings.mapped_roles["production"] = {};
  Files files;
  for (const std::string id : {"one", "two"}) {
    files["flows/" + id + "/contents.json"] = contents;
    files["flows/" + id + "/metadata.json"] = R"({"flowId": ")" + id + R"(", "name": "x", "screens": [], "shape": 1,)" +
                                              R"("references": {"connectors": {"Crm": "CI2crm"}, "roles": ["Boss"]}})";
  }
  std::map<std::string, std::vector<std::string>> causes;
  for (const Finding& finding : check(read(files), settings)) causes[finding.rule].push_back(finding.cause);
  for (const char* rule : {"missing-connector", "unmapped-role", "missing-subflow", "insecure-url", "unknown-member"}) {
    ASSERT_EQ(causes[rule].size(), 2U) << rule;
    EXPECT_EQ(causes[rule][0], causes[rule][1]) << rule;
    EXPECT_FALSE(causes[rule][0].empty()) << rule;
  }
  // Two connectors in each of the flows.
  ASSERT_EQ(causes["unmapped-connector"].size(), 4U);
  EXPECT_EQ((std::set<std::string>(causes["unmapped-connector"].begin(), causes["unmapped-connector"].end()).size()),
            2U);
  // Each flow has its own tasks.
  ASSERT_EQ(causes["unreachable-task"].size(), 2U);
  EXPECT_TRUE(causes["unreachable-task"][0].empty());
}

TEST(Check, ReportsAnUnknownMemberOncePerFile) {
  const Files files = edited(base_repository(), {{kMetadata, "\"Sign Up\"", "\"Sign Up\", \"shape\": 1"},
                                                 {"flows/collect-profile/metadata.json", "", R"({"shape": 1})"}});
  std::vector<Finding> findings = check(read(files), {});
  std::erase_if(findings, [](const Finding& finding) { return finding.rule != "unknown-member"; });
  ASSERT_EQ(findings.size(), 2U) << listed(findings);
  EXPECT_TRUE(findings[0].places.empty());
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
