#include "deploy/ledger/history.hpp"

#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

class HistoryTest : public testing::Test {
 protected:
  LedgerEntry append(Phase phase, const std::string& target, FlowOutcome outcome = FlowOutcome::deployed) {
    Record record;
    record.phase = phase;
    record.environment = "default";
    record.target = target;
    record.started = clock_.now();
    LedgerChange change;
    FlowResult flow;
    flow.flow_id = "a";
    if (phase == Phase::result) flow.outcome = outcome;
    change.flows = {flow};
    return ledger_.append(ledger_.head(), record, std::move(change), clock_);
  }

  git::TestRepository files_;
  git::Repository repository_ = git::Repository::open(files_.path());
  TestClock clock_;
  Ledger ledger_{repository_, default_config().environment("")};
};

TEST_F(HistoryTest, ListsAnIntentAndItsResultOnceNewestFirst) {
  append(Phase::intent, "one");
  append(Phase::result, "one");
  append(Phase::intent, "two");
  append(Phase::result, "two", FlowOutcome::failed);
  const std::vector<PastDeployment> past = history(ledger_);
  ASSERT_EQ(past.size(), 2U);
  EXPECT_EQ(past[0].target + " " + past[1].target, "two one");
  EXPECT_EQ(past[0].flows.at(0).outcome, FlowOutcome::failed);
  EXPECT_FALSE(past[0].unfinished);
  EXPECT_EQ(past[0].kind, "deploy");
  EXPECT_EQ(past[0].deployed_by, ledger_.head()->author);
  EXPECT_FALSE(past[0].deployed_by.empty());
}

TEST_F(HistoryTest, ListsAnUnfinishedDeploymentFirst) {
  append(Phase::result, "one");
  append(Phase::intent, "two");
  const std::vector<PastDeployment> past = history(ledger_);
  ASSERT_EQ(past.size(), 2U);
  EXPECT_TRUE(past[0].unfinished);
  EXPECT_EQ(past[0].target, "two");
}

TEST_F(HistoryTest, FindsTheResultBelowIntents) {
  EXPECT_FALSE(last_result(ledger_, ledger_.head()));
  const LedgerEntry result = append(Phase::result, "one");
  append(Phase::intent, "two");
  append(Phase::intent, "three");
  EXPECT_EQ(last_result(ledger_, ledger_.head())->commit, result.commit);
}

TEST_F(HistoryTest, FindsARecordByTheBeginningOfItsId) {
  const LedgerEntry first = append(Phase::result, "one");
  const LedgerEntry intent = append(Phase::intent, "two");
  append(Phase::result, "two");
  EXPECT_EQ(find_record(ledger_, {}, first.commit.hex()).commit, first.commit);
  EXPECT_EQ(find_record(ledger_, {}, first.commit.hex().substr(0, 12)).commit, first.commit);
  EXPECT_EQ(find_record(ledger_, {}, "").commit, first.commit) << "the record before the last";
  for (const std::string& name : {first.commit.hex().substr(0, 3), intent.commit.hex(), std::string("../x")}) {
    EXPECT_THROW(find_record(ledger_, {}, name), Error) << name;
  }
}

TEST_F(HistoryTest, GoesBackBeforeAnUnfinishedDeployment) {
  const LedgerEntry first = append(Phase::result, "one");
  append(Phase::intent, "two");
  append(Phase::intent, "two");
  EXPECT_EQ(find_record(ledger_, {}, "").commit, first.commit);
}

TEST_F(HistoryTest, HasNoRecordBeforeTheOnlyOne) {
  append(Phase::result, "one");
  for (const auto& [environment, hint] :
       {std::pair("", "see `flowship history`"), std::pair("default", "see `flowship history --env default`")}) {
    try {
      find_record(ledger_, environment, "");
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.hint(), hint);
    }
  }
}

}  // namespace
}  // namespace flowship::deploy
