#include "deploy/ledger/ledger_change.hpp"

#include "deploy/ledger/ledger.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

class LedgerChangeTest : public testing::Test {
 protected:
  /// A source of one file that holds the flow `id`.
  flow::Source source(const std::string& path, const std::string& id, const std::string& name = "Name") const {
    git::Entry file;
    file.path = path;
    file.id = repository_.write_blob(R"({"flowId": ")" + id + R"(", "metadata": {"name": ")" + name +
                                     R"("}, "contents": {"startTask": "s", "tasks": {}}})");
    return {flow::Layout::exported, path, {file}};
  }

  /// The tree `deployed/` once nothing but `change` was made.
  git::ObjectId deployed(const LedgerChange& change) const {
    return *repository_.at(repository_.write_tree({}, change.items), "deployed");
  }

  std::vector<std::string> changed(const LedgerChange& change) const {
    std::vector<std::string> items;
    for (const auto& [path, item] : change.items) items.push_back((item ? "" : "-") + path);
    return items;
  }

  git::TestRepository files_;
  git::Repository repository_ = git::Repository::open(files_.path());
};

using Paths = std::vector<std::string>;

TEST_F(LedgerChangeTest, ReplacesTheFilesOfADeployedFlow) {
  LedgerChange change;
  change.deploy(source("new/a.json", "a"), {"old/a.json"});
  EXPECT_EQ(changed(change), (Paths{"deployed/new/a.json", "-deployed/old/a.json"}));
}

TEST_F(LedgerChangeTest, KeepsAFileThatAnotherFlowTookOver) {
  LedgerChange change;
  change.deploy(source("x.json", "b"), {});
  change.remove({"x.json"});
  EXPECT_EQ(changed(change), Paths{"deployed/x.json"});
}

TEST_F(LedgerChangeTest, KeepsIntendedSourcesBeforeAndAfterApart) {
  LedgerChange change;
  change.intend(source("a.json", "a"));
  change.set_before("a", repository_.write_blob("{}"));
  change.set_after("a", repository_.write_blob("{}"));
  change.set_after("b", {});
  EXPECT_EQ(changed(change), (Paths{"after/a.json", "-after/b.json", "before/a.json", "intended/a.json"}));
}

TEST_F(LedgerChangeTest, MovesADeployedFlowBesideTheOneThatTookItsFile) {
  LedgerChange before;
  before.deploy(source("x.json", "a"), {});
  LedgerChange change;
  change.deploy(source("x.json", "b"), {});
  FlowResult flow;
  flow.flow_id = "a";
  flow.deployed_paths = {"x.json"};
  change.flows = {flow};
  Record record;
  record.sources = {"x.json"};
  record.unsettled["a"] = {.payload = {}, .paths = {"x.json"}};
  change.keep_displaced(repository_, deployed(before), record);
  EXPECT_EQ(changed(change), (Paths{"deployed/x.a.json", "deployed/x.json"}));
  EXPECT_EQ(change.flows[0].deployed_paths, Paths{"x.a.json"});
  EXPECT_EQ(record.unsettled.at("a").paths, Paths{"x.a.json"});
  EXPECT_TRUE(record.sources.empty()) << "x.a.json is not in the sources, so everything is looked at";
}

TEST_F(LedgerChangeTest, MovesNothingThatWasVacatedOrStaysAsItIs) {
  LedgerChange before;
  before.deploy(source("a.json", "a"), {});
  before.deploy(source("b.json", "b"), {});
  LedgerChange change;
  change.deploy(source("a.json", "a", "New name"), {"a.json"});
  change.deploy(source("b.json", "b"), {});
  Record record;
  change.keep_displaced(repository_, deployed(before), record);
  EXPECT_EQ(changed(change), (Paths{"deployed/a.json", "deployed/b.json"}));
}

TEST_F(LedgerChangeTest, FindsAFreePlaceBeside) {
  LedgerChange before;
  before.deploy(source("x.json", "a"), {});
  before.deploy(source("x.a.json", "c"), {});
  LedgerChange change;
  change.deploy(source("x.json", "b"), {});
  Record record;
  change.keep_displaced(repository_, deployed(before), record);
  EXPECT_EQ(changed(change), (Paths{"deployed/x.a-2.json", "deployed/x.json"}));
}

TEST_F(LedgerChangeTest, CarriesOverWhatAnIntentLeftOpen) {
  TestClock clock;
  Ledger ledger(repository_, default_config().environment(""));
  Record record;
  record.phase = Phase::intent;
  record.environment = "default";
  LedgerChange intent;
  intent.intend(source("a.json", "a"));
  intent.set_before("a", repository_.write_blob("{}\n"));
  const LedgerEntry entry = ledger.append({}, record, std::move(intent), clock);
  LedgerChange change;
  change.keep_questions(ledger, entry);
  const LedgerEntry next = ledger.append(entry, record, std::move(change), clock);
  EXPECT_EQ(ledger.intended(next), ledger.intended(entry));
  EXPECT_EQ(ledger.replaced(next), Paths{"a"});
  EXPECT_TRUE(ledger.intended(ledger.append(next, record, {}, clock)).is_zero());
}

}  // namespace
}  // namespace flowship::deploy
