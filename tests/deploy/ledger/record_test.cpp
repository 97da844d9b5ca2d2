#include "deploy/ledger/record.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

Record sample() {
  Record record;
  record.kind = RecordKind::intent;
  record.environment = "production";
  record.project_id = "P2x";
  record.target = std::string(40, 'a');
  record.started = *from_rfc3339("2026-11-24T01:52:00Z");
  record.holder = {.host = "runner-7", .realm = "boot/pid:[1]", .pid = 4711, .started = "99"};
  record.total = 3;
  record.sources = {"flows", "a\nb"};
  record.overrides.connectors["SMTP \"x\""] = "CI1";
  record.overrides.set["a"]["/contents/n"] = "1.10";
  record.unsettled["b"] = {.payload = "sha256:1", .paths = {"b.json"}};
  record.flows.push_back({.flow_id = "a",
                          .action = Action::update,
                          .reason = Reason::config,
                          .outcome = {},
                          .attempts = 0,
                          .error = {},
                          .paths = {"a.json"},
                          .payload = "sha256:2",
                          .deployed_paths = {"old/a.json"}});
  return record;
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  const std::size_t at = text.find(part);
  if (at == std::string::npos) ADD_FAILURE() << part << " is not in " << text;
  return text.replace(at, part.size(), by);
}

TEST(Record, IsReadBackAsItWasWritten) {
  const std::string text = to_json(sample());
  const Record read = record_from_json(text, "deployment.json");
  EXPECT_EQ(to_json(read), text);
  EXPECT_EQ(read.kind, RecordKind::intent);
  EXPECT_EQ(read.holder, sample().holder);
  EXPECT_EQ(read.overrides, sample().overrides);
  EXPECT_EQ(read.sources, sample().sources);
  EXPECT_EQ(read.unsettled.at("b").payload, "sha256:1");
  EXPECT_EQ(read.flows.at(0).deployed_paths, std::vector<std::string>{"old/a.json"});
  EXPECT_FALSE(read.finished);
}

TEST(Record, IsReadWithoutItsFlowsFromItsHead) {
  const auto head_of = [](const Record& record) {
    const std::string text = to_json(record);
    return text.substr(0, text.find(kFlowsBegin) + kFlowsBegin.size());
  };
  Record record = sample();
  EXPECT_FALSE(result_from_head(head_of(record), "x")) << "an intent without its flows is none";
  record.kind = RecordKind::result;
  const std::optional<Record> head = result_from_head(head_of(record), "x");
  EXPECT_FALSE(result_from_head(to_json(record), "x"));
  record.flows.clear();
  ASSERT_TRUE(head);
  EXPECT_EQ(to_json(*head), to_json(record));
  EXPECT_EQ(to_json(result_from_head(head_of(record), "x").value()), to_json(record)) << "no flows at all";
}

TEST(Record, OfANewerVersionIsNotGuessedAt) {
  EXPECT_THROW(record_from_json(replaced(to_json(sample()), "\"version\": 1", "\"version\": 2"), "x"), Error);
}

TEST(Record, WithAMemberOfTheWrongTypeIsAnError) {
  const std::string good = to_json(sample());
  for (const auto& [part, by] :
       std::vector<std::pair<std::string, std::string>>{{"\"intent\"", "\"maybe\""},
                                                        {"\"2026-11-24T01:52:00Z\"", "\"yesterday\""},
                                                        {"4711", "\"4711\""},
                                                        {"\"CI1\"", "1"},
                                                        {"\"1.10\"", "\"1.\""},
                                                        {"\"1.10\"", "1.10"},
                                                        {"\"sha256:1\"", "null"},
                                                        {"\"update\"", "\"replace\""},
                                                        {"\"total\": 3", "\"total\": 3.5"}}) {
    EXPECT_THROW(record_from_json(replaced(good, part, by), "x"), Error) << part << " as " << by;
  }
  for (const char* text : {"", "{}", "[]", "{\"version\": 1}"})
    EXPECT_THROW(record_from_json(text, "x"), Error) << text;
}

}  // namespace
}  // namespace flowship::deploy
