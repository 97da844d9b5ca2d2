#include "deploy/ledger/record.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

const std::string kRef = "refs/flowship/production";

Record sample() {
  Record record;
  record.phase = Phase::intent;
  record.kind = DeploymentKind::promote;
  record.origin = {.environment = "staging", .record = std::string(40, 'b')};
  record.environment = "production";
  record.project_id = "P2x";
  record.target = std::string(40, 'a');
  record.subject = "Ask for a code";
  record.author = "Ada";
  record.started = *from_rfc3339("2026-11-24T01:52:00Z");
  record.holder = {.host = "runner-7", .realm = "boot/pid:[1]", .pid = 4711, .started = "99", .run = "https://x/1"};
  record.renewals = 2;
  record.total = 3;
  record.sources = {"flows", "a\nb"};
  record.overrides.connectors["SMTP \"x\""] = "CI1";
  record.overrides.set["a"]["/contents/n"] = "1.10";
  record.unsettled["b"] = {.payload = "sha256:1", .paths = {"b.json"}};
  record.digest_salt = "5a17";
  return record;
}

std::vector<FlowResult> sample_flows() {
  FlowResult begun{.flow_id = "a",
                   .action = Action::update,
                   .reason = Reason::config,
                   .outcome = {},
                   .attempts = 0,
                   .error = {},
                   .payload = "sha256:2",
                   .paths = {"a.json"},
                   .deployed_paths = {"old/a.json"}};
  FlowResult lost = begun;
  lost.flow_id = "b";
  lost.outcome = FlowOutcome::failed;
  lost.attempts = 2;
  lost.error = "no answer";
  lost.absent = lost.unknown = true;
  return {begun, lost};
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  const std::size_t at = text.find(part);
  if (at == std::string::npos) ADD_FAILURE() << part << " is not in " << text;
  return text.replace(at, part.size(), by);
}

Record read(const std::string& text) { return record_from_json(text, "deployment.json", kRef).record; }

TEST(Record, ReadsBackWhatItWrote) {
  const Record record = sample();
  const RecordFile file = record_from_json(to_json(record), "deployment.json", kRef);
  EXPECT_EQ(file.unsettled, 1U);
  Record read = file.record;
  EXPECT_TRUE(read.unsettled.empty());
  read.unsettled = unsettled_from_json(unsettled_to_json(record.unsettled), "unsettled.json");
  EXPECT_EQ(to_json(read), to_json(record));
  EXPECT_EQ(read.phase, Phase::intent);
  EXPECT_EQ(read.kind, DeploymentKind::promote);
  EXPECT_EQ(read.origin, record.origin);
  EXPECT_EQ(read.renewals, 2);
  EXPECT_EQ(read.subject + " by " + read.author, "Ask for a code by Ada");
  EXPECT_EQ(read.holder, record.holder);
  EXPECT_EQ(read.overrides, record.overrides);
  EXPECT_EQ(read.sources, record.sources);
  EXPECT_EQ(read.digest_salt, "5a17");
  EXPECT_EQ(read.unsettled.at("b").payload, "sha256:1");
  EXPECT_EQ(read.unsettled.at("b").paths, std::vector<std::string>{"b.json"});
  EXPECT_FALSE(read.finished);
}

TEST(Record, ReadsBackEveryKind) {
  for (const DeploymentKind kind :
       {DeploymentKind::deploy, DeploymentKind::rollback, DeploymentKind::promote, DeploymentKind::recover}) {
    Record record = sample();
    record.kind = kind;
    EXPECT_EQ(read(to_json(record)).kind, kind);
  }
}

TEST(Record, StaysSmallHoweverManyFlowsAreUnsettled) {
  Record record = sample();
  for (int number = 0; number < 10'000; ++number) record.unsettled["flow-" + std::to_string(number)] = {};
  EXPECT_LT(to_json(record).size(), 4096U);
}

TEST(Record, NeverWritesANegativeNumberOfFlows) {
  Record record = sample();
  record.total = -1;
  EXPECT_EQ(read(to_json(record)).total, 0);
}

TEST(Record, ReadsBackFlows) {
  const std::string text = flows_to_json(sample_flows());
  const std::vector<FlowResult> flows = flows_from_json(text, "flows.json");
  ASSERT_EQ(flows.size(), 2U);
  EXPECT_EQ(flows_to_json(flows), text);
  EXPECT_EQ(flows[0].outcome, FlowOutcome::pending);
  EXPECT_EQ(flows[0].deployed_paths, std::vector<std::string>{"old/a.json"});
  EXPECT_EQ(flows[1].outcome, FlowOutcome::failed);
  EXPECT_TRUE(flows[1].unknown && flows[1].absent);
  EXPECT_TRUE(flows_from_json(flows_to_json({}), "flows.json").empty());
}

TEST(Record, RefusesTheUnreleasedFirstVersionAndSaysHowToStartAgain) {
  try {
    static_cast<void>(read(replaced(to_json(sample()), "\"version\": 3", "\"version\": 1")));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("earlier, unreleased version"), std::string::npos) << error.message();
    EXPECT_TRUE(error.hint().ends_with("git update-ref -d " + kRef)) << error.hint();
  }
}

TEST(Record, RefusesANewerVersion) {
  EXPECT_THROW(read(replaced(to_json(sample()), "\"version\": 3", "\"version\": 4")), Error);
}

TEST(Record, SaysWhereToLookAtABrokenOne) {
  for (const char* text : {"{", "[]", "{\"phase\": \"result\"}"}) {
    try {
      read(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::failed) << text;
      EXPECT_NE(error.hint().find("`git show "), std::string::npos) << text;
    }
  }
}

TEST(Record, RefusesMembersOfTheWrongType) {
  const std::string good = to_json(sample());
  for (const auto& [part, by] :
       std::vector<std::pair<std::string, std::string>>{{"\"intent\"", "\"maybe\""},
                                                        {"\"promote\"", "\"intent\""},
                                                        {"\"2026-11-24T01:52:00Z\"", "\"yesterday\""},
                                                        {"4711", "\"4711\""},
                                                        {"\"CI1\"", "1"},
                                                        {"\"1.10\"", "\"1.\""},
                                                        {"\"1.10\"", "1.10"},
                                                        {"\"unsettled\": 1", "\"unsettled\": {}"},
                                                        {"\"unsettled\": 1", "\"unsettled\": -1"},
                                                        {"\"renewals\": 2", "\"renewals\": -2"},
                                                        {"\"total\": 3", "\"total\": -3"},
                                                        {"\"total\": 3", "\"total\": 3000000000"},
                                                        {"\"total\": 3", "\"total\": 3.5"}}) {
    EXPECT_THROW(read(replaced(good, part, by)), Error) << part << " as " << by;
  }
  for (const char* text : {"", "{}", "[]", "{\"version\": 3}"}) EXPECT_THROW(read(text), Error) << text;
}

TEST(Record, RefusesFlowsOfTheWrongForm) {
  const std::string good = flows_to_json(sample_flows());
  EXPECT_THROW(flows_from_json(replaced(good, "\"update\"", "\"replace\""), "x"), Error);
  for (const char* text : {"", "[]", "{}", "{\"flows\": null}", "{\"flows\": [1]}", "{\"flows\": [{}]}"}) {
    EXPECT_THROW(flows_from_json(text, "x"), Error) << text;
  }
  for (const char* text : {"", "[]", "{\"a\": 1}", "{\"a\": {\"payload\": null, \"paths\": []}}"}) {
    EXPECT_THROW(unsettled_from_json(text, "x"), Error) << text;
  }
}

}  // namespace
}  // namespace flowship::deploy
