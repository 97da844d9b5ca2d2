#include "deploy/ledger/ledger.hpp"

#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

/// A ledger of the environment `default` in a repository of its own.
class LedgerTest : public testing::Test {
 protected:
  git::ObjectId write(const std::string& text) const { return repository_.write_blob(text); }

  Record record(Phase phase = Phase::result) const {
    Record record;
    record.phase = phase;
    record.environment = "default";
    record.project_id = "P2x";
    record.target = std::string(40, 'a');
    record.started = clock_.now();
    return record;
  }

  LedgerChange change_of(const std::vector<std::string>& flow_ids) const {
    LedgerChange change;
    for (const std::string& id : flow_ids) {
      change.flows.push_back(deployed(id));
      change.deploy(source(id), {});
    }
    return change;
  }

  static FlowResult deployed(const std::string& id) {
    FlowResult flow;
    flow.flow_id = id;
    flow.outcome = FlowOutcome::deployed;
    return flow;
  }

  flow::Source source(const std::string& id) const {
    git::Entry file;
    file.path = id + ".json";
    file.id = write(R"({"flowId": ")" + id + R"(", "metadata": {}, "contents": {"tasks": {}}})");
    return {flow::Layout::exported, file.path, {file}};
  }

  std::string show(const std::string& path) const { return files_.git({"show", "refs/flowship/default:" + path}); }

  git::TestRepository files_;
  git::Repository repository_ = git::Repository::open(files_.path());
  TestClock clock_;
  Ledger ledger_{repository_, default_config().environment("")};
};

TEST_F(LedgerTest, HasNoHeadBeforeTheFirstDeployment) {
  EXPECT_FALSE(ledger_.head());
  EXPECT_TRUE(ledger_.entries().empty());
}

TEST_F(LedgerTest, ReadsBackWhatWasAppended) {
  const LedgerEntry first = ledger_.append({}, record(Phase::intent), change_of({"a"}), clock_);
  const LedgerEntry second = ledger_.append(first, record(), change_of({"b"}), clock_);
  const std::optional<LedgerEntry> head = ledger_.head();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->commit, second.commit);
  EXPECT_EQ(head->parent, first.commit);
  ASSERT_EQ(ledger_.flows(*head).size(), 1U);
  EXPECT_EQ(ledger_.flows(*head)[0].flow_id, "b");
  EXPECT_EQ(ledger_.flows(ledger_.entry(first.commit))[0].flow_id, "a");
  EXPECT_EQ(ledger_.entries().size(), 2U);
  EXPECT_EQ(files_.git({"ls-tree", "--name-only", "refs/flowship/default:deployed"}), "a.json\nb.json");
}

TEST_F(LedgerTest, RefusesToAppendToAnythingButItsHead) {
  const LedgerEntry first = ledger_.append({}, record(), {}, clock_);
  const LedgerEntry head = ledger_.append(first, record(), {}, clock_);
  for (const std::optional<LedgerEntry>& late : {std::optional(first), std::optional<LedgerEntry>()}) {
    try {
      ledger_.append(late, record(), {}, clock_);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::held);
    }
  }
  EXPECT_EQ(ledger_.head()->commit, head.commit);
}

TEST_F(LedgerTest, AnEntryWithoutFlowsDoesNotKeepThoseOfTheEntryBefore) {
  const LedgerEntry first = ledger_.append({}, record(), change_of({"a"}), clock_);
  EXPECT_TRUE(ledger_.flows(ledger_.append(first, record(), {}, clock_)).empty());
}

TEST_F(LedgerTest, KeepsDeploymentJsonSmallWhateverTheNumberOfFlows) {
  Record big = record();
  LedgerChange change;
  for (int number = 0; number < 1'000; ++number) {
    const std::string id = "flow-" + std::to_string(number);
    big.unsettled[id] = {.payload = "sha256:1", .paths = {id + ".json"}};
    change.flows.push_back(deployed(id));
  }
  const LedgerEntry entry = ledger_.append({}, big, std::move(change), clock_);
  EXPECT_LT(show("deployment.json").size(), 4096U);
  EXPECT_LT(repository_.facts(entry.commit).message.size(), 20'000U);
  EXPECT_EQ(ledger_.head()->record.unsettled.size(), 1'000U);
  EXPECT_EQ(ledger_.flows(*ledger_.head()).size(), 1'000U);
}

TEST_F(LedgerTest, DropsUnsettledJsonOnceAllIsSettled) {
  Record unsettled = record();
  unsettled.unsettled["a"] = {};
  const LedgerEntry first = ledger_.append({}, unsettled, {}, clock_);
  EXPECT_EQ(ledger_.head()->record.unsettled.count("a"), 1U);
  ledger_.append(first, record(), {}, clock_);
  EXPECT_TRUE(ledger_.head()->record.unsettled.empty());
  EXPECT_THROW(show("unsettled.json"), std::exception);
}

TEST_F(LedgerTest, RefusesAnEntryWhoseUnsettledFlowsAreMissing) {
  Record unsettled = record();
  unsettled.unsettled["a"] = {};
  const LedgerEntry entry = ledger_.append({}, unsettled, {}, clock_);
  const git::ObjectId without = repository_.write_tree(entry.tree, {{"unsettled.json", std::nullopt}});
  const git::ObjectId commit = repository_.write_commit({without, {}, "Edited", clock_.now(), {"A", "a@example.com"}});
  EXPECT_THROW(ledger_.entry(commit), Error);
}

TEST_F(LedgerTest, RefusesTheLedgerOfAnotherEnvironment) {
  Record other = record();
  other.environment = "production";
  const LedgerEntry entry = ledger_.append({}, other, {}, clock_);
  EXPECT_THROW(ledger_.entry(entry.commit), Error);
}

TEST_F(LedgerTest, DatesCommitsByTheRecord) {
  clock_.time = *from_rfc3339("2020-02-03T04:05:06Z");
  ledger_.append({}, record(), {}, clock_);
  EXPECT_EQ(files_.git({"log", "-1", "--format=%ct", "refs/flowship/default"}), "1580702706");
}

TEST_F(LedgerTest, SummarizesADeploymentInTheCommitMessage) {
  LedgerChange change = change_of({"a", "b"});
  change.flows[1].outcome = FlowOutcome::failed;
  ledger_.append({}, record(), std::move(change), clock_);
  const std::string message = files_.git({"log", "-1", "--format=%B", "refs/flowship/default"});
  EXPECT_TRUE(message.starts_with("Deploy 1 flow, 1 not deployed to default\n")) << message;
  EXPECT_NE(message.find("\nupdate b: failed\n"), std::string::npos) << message;
}

TEST_F(LedgerTest, TriesToShareAResultAgainByTheGivenClock) {
  Environment environment = default_config().environment("");
  environment.ledger_remote = "nowhere";
  Ledger shared(repository_, environment);
  const Ticks before = clock_.ticks();
  EXPECT_THROW(shared.append({}, record(Phase::intent), {}, clock_), Error);
  EXPECT_EQ(clock_.ticks(), before) << "an intent is not tried again";
  EXPECT_THROW(shared.append({}, record(), {}, clock_), Error);
  EXPECT_EQ(clock_.ticks() - before, std::chrono::seconds(1 + 2));
  EXPECT_FALSE(shared.head());
}

}  // namespace
}  // namespace flowship::deploy
