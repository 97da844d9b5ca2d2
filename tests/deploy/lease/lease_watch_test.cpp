#include "deploy/lease/lease_watch.hpp"

#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

using namespace std::chrono_literals;

constexpr BootTime kBegin = 100s;

class LeaseWatchTest : public testing::Test {
 protected:
  LeaseWatchTest() {
    workshop_.commit_flow("a", "one");
    workshop_.deploy();
  }

  LedgerEntry begun_by(const LeaseHolder& holder) const { return workshop_.append_intent(holder); }

  static LeaseHolder elsewhere() {
    LeaseHolder holder = this_process();
    holder.host = "elsewhere";
    return holder;
  }

  bool abandoned(const LedgerEntry& entry, BootTime now, LeaseTerms terms = {.timeout = 10s}) const {
    const git::Repository repository = git::Repository::open(workshop_.files().path());
    return is_abandoned(repository, Ledger(repository, default_config().environment("")), entry, terms, now);
  }

  Workshop workshop_;
};

TEST_F(LeaseWatchTest, AbandonedOnceTheLedgerHasStoodStillForTheTimeout) {
  const LedgerEntry intent = begun_by(elsewhere());
  EXPECT_FALSE(abandoned(intent, kBegin));
  EXPECT_FALSE(abandoned(intent, kBegin + 10s - 1ns));
  EXPECT_TRUE(abandoned(intent, kBegin + 10s));
}

TEST_F(LeaseWatchTest, EveryMoveOfTheLedgerBeginsAnew) {
  EXPECT_FALSE(abandoned(begun_by(elsewhere()), kBegin));
  const LedgerEntry next = begun_by(elsewhere());
  EXPECT_FALSE(abandoned(next, kBegin + 10s));
  EXPECT_TRUE(abandoned(next, kBegin + 20s));
}

TEST_F(LeaseWatchTest, TimestampsOfTheHolderDoNotCount) {
  workshop_.clock().time -= std::chrono::hours(24 * 365);
  EXPECT_FALSE(abandoned(begun_by(elsewhere()), kBegin));
}

TEST_F(LeaseWatchTest, AClockOfAnotherBootIsNotCompared) {
  const LedgerEntry intent = begun_by(elsewhere());
  EXPECT_FALSE(abandoned(intent, kBegin));
  EXPECT_FALSE(abandoned(intent, kBegin - 50s)) << "the machine was started again";
  EXPECT_FALSE(abandoned(intent, kBegin - 41s));
  EXPECT_TRUE(abandoned(intent, kBegin - 40s));
}

TEST_F(LeaseWatchTest, AProcessOfThisMachineThatIsGoneIsNotWaitedFor) {
  LeaseHolder gone = this_process();
  gone.started = "0";
  EXPECT_TRUE(abandoned(begun_by(gone), kBegin)) << "another process has that number now";
}

TEST_F(LeaseWatchTest, AProcessOfThisMachineThatStandsStillLosesTheLeaseToo) {
  const LedgerEntry intent = begun_by(this_process());
  EXPECT_FALSE(abandoned(intent, kBegin));
  EXPECT_TRUE(abandoned(intent, kBegin + 10s));
}

TEST_F(LeaseWatchTest, AnOpenIntentOfThisVeryProcessIsTakenOverWhereItIsKnownToHaveFailed) {
  const LedgerEntry intent = begun_by(this_process());
  EXPECT_TRUE(abandoned(intent, kBegin, {.timeout = 10s, .takes_over_own = true}));
  EXPECT_FALSE(abandoned(begun_by(elsewhere()), kBegin, {.timeout = 10s, .takes_over_own = true}));
}

TEST_F(LeaseWatchTest, WhoDeploysAloneNeedNotWaitForAnotherMachine) {
  const LeaseTerms alone{.timeout = 10s, .is_only_deployer = true};
  EXPECT_TRUE(abandoned(begun_by(elsewhere()), kBegin, alone));
  EXPECT_FALSE(abandoned(begun_by(this_process()), kBegin, alone));
}

}  // namespace
}  // namespace flowship::deploy
