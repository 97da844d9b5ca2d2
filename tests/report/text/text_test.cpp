#include "report/text/text.hpp"

#include "deploy/config/command_hint.hpp"
#include "deploy/config/config.hpp"
#include "report/samples.hpp"

#include <gtest/gtest.h>

namespace flowship::report {
namespace {

TEST(Text, NamesTheCommonFolderOfAFlowsFiles) {
  EXPECT_EQ(place_of({}), "");
  EXPECT_EQ(place_of({"a/b.json"}), "a/b.json");
  EXPECT_EQ(place_of({"f/a/contents.json", "f/a/screens/x.json"}), "f/a/");
  EXPECT_EQ(place_of({"f/a/x.json", "f/ab/x.json"}), "f/");
  EXPECT_EQ(place_of({"a.json", "b.json"}), "./");
}

TEST(Text, LongIdsDoNotWidenTheColumn) {
  deploy::Pulled pulled;
  for (const std::string& id : {std::string("short"), std::string(300, 'x')}) {
    deploy::PulledFlow& flow = pulled.flows.emplace_back();
    flow.flow_id = id;
    flow.outcome = deploy::PullOutcome::pulled;
  }
  const std::string text = format_of("text").pulled(pulled, {});
  EXPECT_EQ(text.substr(0, text.find('\n')), "  short" + std::string(35, ' ') + "  pulled");
  EXPECT_NE(text.find(std::string(300, 'x') + "  pulled"), std::string::npos);
}

TEST(Text, CommandsNameTheirEnvironment) {
  EXPECT_EQ(deploy::command_hint("pull", "production"), "`flowship pull --env production`");
  EXPECT_EQ(deploy::command_hint("deploy", deploy::default_config().environment("").name_in_commands()),
            "`flowship deploy`");
  const deploy::Config config = deploy::parse_config(R"({"environments": {"default": {}}})", "flowship.json");
  EXPECT_EQ(deploy::command_hint("deploy", config.environment("").name_in_commands()),
            "`flowship deploy --env default`");
}

TEST(Text, ReadsEachFileOnce) {
  Validation validation = samples::validation();
  int reads = 0;
  validation.text_of = [&](const std::string&) {
    ++reads;
    return std::optional<std::string>("x\n");
  };
  findings_text(validation, {});
  EXPECT_EQ(reads, 3);
}

TEST(Text, MasksSecretsInSourceLines) {
  const std::string key = std::string("K") + "2xUaTq0cWJr8sKfYp3HdZ1vQnAeB";
  Validation validation;
  validation.findings = {{"wrong-type", check::Severity::error, "one", "", "a.json", 1, 3, ""},
                         {"management-key", check::Severity::error, "two", "", "a.json", 1, 8, ""},
                         {"wrong-type", check::Severity::error, "three", "", "a.json", 2, 1, ""}};
  validation.text_of = [&](const std::string&) { return std::optional<std::string>("{\"a\": \"" + key + "\",\n1}\n"); };
  const std::string text = findings_text(validation, {});
  EXPECT_EQ(text.find(key.substr(0, 5)), std::string::npos) << text;
  EXPECT_NE(text.find("  1 | {\"a\": \"****"), std::string::npos) << text;
  EXPECT_NE(text.find("  2 | 1}"), std::string::npos) << text;
}

/// What is shown of a file with one line and an error of syntax.
std::string shown_of(const std::string& source) {
  Validation validation;
  validation.findings = {{"syntax", check::Severity::error, "broken", "", "a.json", 1, 3, ""}};
  validation.text_of = [&](const std::string&) { return std::optional(source); };
  return findings_text(validation, {});
}

TEST(Text, MasksSecretsOfBrokenFiles) {
  for (const std::string source :
       {R"({"clientSecret": topsecretvalue})", R"({"password": correct topsecretvalue, "a":1})",
        R"({"apiKey": topsecretvalue)", R"({clientSecret: "topsecretvalue"})", R"({"clientSecret": `topsecretvalue`})",
        R"({"clientSecret" "topsecretvalue"})", R"({"headers":{"Authorization": Bearer topsecretvalue}})",
        R"({"password": "a"topsecretvalue"})", R"({"password": "a",topsecretvalue"})",
        R"({'password': 'topsecretvalue'})", R"({"pass\u0077ord": topsecretvalue})"}) {
    const std::string text = shown_of(source);
    EXPECT_NE(text.find("1 | {"), std::string::npos) << text;
    EXPECT_EQ(text.find("topsecret"), std::string::npos) << text;
  }
  const std::string token = std::string("ghp") + "_1234567890abcdefghijklmnopqrstuvwxyzAB";
  for (const std::string name : {"token", "a"}) {
    const std::string text = shown_of("{\"" + name + "\": " + token + "}");
    EXPECT_EQ(text.find("abcdef"), std::string::npos) << text;
  }
}

TEST(Text, ShowsNothingOfFilesInOtherEncodings) {
  std::string wide;
  for (const char letter : std::string(R"({"a": "topsecretvalue"})")) wide += {letter, '\0'};
  for (const std::string& source : {wide, "\xFF\xFE" + wide, std::string("{\"a\": \"\xE9\"}")}) {
    EXPECT_EQ(shown_of(source).find("1 |"), std::string::npos);
  }
}

TEST(Text, EscapesControlSequencesOfOthers) {
  const Style style;
  const Format& text = format_of("text");
  const std::string all = text.validation(samples::validation(), style) + text.plan(samples::plan(), style) +
                          text.deployment(samples::deployment(), style);
  EXPECT_EQ(all.find('\x1b'), std::string::npos);
}

TEST(Text, SaysWhatToDoAfterARefusedKeyAndAnInterruption) {
  deploy::Deployment deployment = samples::deployment();
  deployment.drifted = false;
  EXPECT_NE(deployment_text(deployment, {}).find("send only what is missing"), std::string::npos);
  deployment.stopped_by = 2;
  const std::string interrupted = deployment_text(deployment, {});
  EXPECT_NE(interrupted.find("Interrupted: imports in flight finished and were recorded; "), std::string::npos);
  EXPECT_NE(interrupted.find(" not sent.\nRun `flowship deploy"), std::string::npos) << interrupted;
  deployment.flows.assign(1, deployment.flows.front());
  deployment.flows.front().outcome = deploy::FlowOutcome::skipped;
  EXPECT_NE(deployment_text(deployment, {}).find("Interrupted before anything was sent: 1 flow not sent.\n"),
            std::string::npos);
  deployment.credentials_refused = true;
  EXPECT_NE(deployment_text(deployment, {}).find("key was refused, so the remaining flows"), std::string::npos);
  deployment.flows.front().outcome = deploy::FlowOutcome::failed;
  EXPECT_NE(deployment_text(deployment, {}).find("The key was refused. Check"), std::string::npos);
}

TEST(Text, AdvisesToPruneOnlyWhereNothingWasToBeDeleted) {
  EXPECT_NE(left_behind_line({"mfa"}, false).find("--prune"), std::string::npos);
  EXPECT_EQ(left_behind_line({"mfa"}, true), "Left behind on the service, no longer in the repository: mfa.\n");
  EXPECT_EQ(left_behind_line({}, false), "");
}

TEST(Text, DoesNotSuggestToDeployInvalidFlows) {
  deploy::Plan plan = samples::plan();
  plan.findings = samples::validation().findings;
  EXPECT_EQ(plan_text(plan, {}).find("`flowship deploy`"), std::string::npos);
}

}  // namespace
}  // namespace flowship::report
