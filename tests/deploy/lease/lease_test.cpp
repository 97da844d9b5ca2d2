#include "deploy/lease/lease.hpp"

#include "deploy/ledger/history.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace flowship::deploy {
namespace {

using namespace std::chrono_literals;

/// A ledger with an intent of this process.
class LeaseTest : public testing::Test {
 protected:
  LeaseTest() {
    workshop_.commit_flow("a", "one");
    workshop_.deploy();
    intent_ = workshop_.append_intent(this_process());
  }

  Lease& take(std::chrono::milliseconds timeout, BootTime begun = boot_time()) {
    return lease_.emplace(ledger_, intent_, begun, timeout, workshop_.clock(), stop_);
  }

  /// Somebody else ends this deployment.
  void take_over() {
    Record record = ledger_.head()->record;
    record.phase = Phase::result;
    const git::Repository repository = git::Repository::open(workshop_.files().path());
    Ledger other(repository, default_config().environment(""));
    other.append(other.head(), record, {}, workshop_.clock());
  }

  Workshop workshop_;
  git::Repository repository_ = git::Repository::open(workshop_.files().path());
  Ledger ledger_{repository_, default_config().environment("")};
  LedgerEntry intent_;
  StopSignal stop_;
  std::optional<Lease> lease_;
};

TEST_F(LeaseTest, IsRenewedWhileItLasts) {
  Lease& lease = take(30ms);
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (ledger_.head()->record.renewals < 3 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
  const LedgerEntry latest = lease.end();
  EXPECT_GE(latest.record.renewals, 3);
  EXPECT_EQ(ledger_.head()->commit, latest.commit);
  EXPECT_EQ(latest.record.phase, Phase::intent);
  EXPECT_EQ(ledger_.flows(latest).size(), ledger_.flows(intent_).size());
  EXPECT_FALSE(lease.is_lost());
}

TEST_F(LeaseTest, AYoungOneIsNotRenewedForARequest) {
  EXPECT_EQ(take(1h).why_not(), "");
  EXPECT_EQ(lease_->end().record.renewals, 0);
}

TEST_F(LeaseTest, AnOldOneIsRenewedBeforeTheNextRequest) {
  EXPECT_EQ(take(1h, boot_time() - 2h).why_not(), "");
  EXPECT_EQ(lease_->end().record.renewals, 1);
}

TEST_F(LeaseTest, WhoLostItSendsNothingMore) {
  Lease& lease = take(1h, boot_time() - 2h);
  take_over();
  EXPECT_NE(lease.why_not(), "");
  EXPECT_TRUE(lease.is_lost());
  EXPECT_NE(lease.why_not(), "");
  EXPECT_EQ(ledger_.head()->record.phase, Phase::result);
}

TEST_F(LeaseTest, RenewalsAreNoDeployments) {
  take(1h, boot_time() - 2h).why_not();
  lease_->end();
  const std::vector<PastDeployment> all = history(ledger_);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].unfinished);
  EXPECT_FALSE(all[1].unfinished);
}

TEST_F(LeaseTest, TheLastRenewalOfAStoppedDeploymentSaysWhatIsUnknown) {
  LedgerEntry latest = ledger_.write_renewal(intent_, workshop_.clock());
  ASSERT_TRUE(ledger_.renew(latest, workshop_.clock()));
  const FlowResult cut{
      .flow_id = "a", .outcome = FlowOutcome::failed, .attempts = 1, .paths = {"a.json"}, .unknown = true};
  const FlowResult skipped{.flow_id = "b", .outcome = FlowOutcome::skipped, .paths = {"b.json"}};
  latest = ledger_.write_last_renewal(latest, {cut, skipped}, workshop_.clock());
  ASSERT_TRUE(ledger_.append_once(latest, workshop_.clock(), nullptr));
  const LedgerEntry read = ledger_.head().value();
  EXPECT_EQ(read.record.phase, Phase::intent);
  EXPECT_EQ(read.record.renewals, 2);
  ASSERT_EQ(read.record.unsettled.size(), 1U);
  EXPECT_EQ(read.record.unsettled.begin()->first, "a");
  EXPECT_TRUE(ledger_.flows(read)[0].unknown);
  EXPECT_EQ(ledger_.flows(read)[1].outcome, FlowOutcome::skipped);
}

}  // namespace
}  // namespace flowship::deploy
