#include "daemon/jobs/job_queue.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Target target(char digit) {
  return {.commit = *git::ObjectId::from_hex(std::string(40, digit)), .branch = "main", .subject = {}};
}

/// A queue and a time that a test moves on.
class Queue : public testing::Test {
 protected:
  JobQueue::Offered offer(char digit) { return queue.offer(target(digit), Trigger::poll, now()); }
  /// The digit of the commit that is to be deployed now; a dot for none.
  char take() {
    const std::optional<JobRequest> order = queue.take(ticks());
    if (order) last = *order;
    return order ? order->target.commit.hex().front() : '.';
  }
  void end(JobOutcome outcome) { queue.ended(outcome, now(), ticks()); }
  Time now() const { return Time(minutes(60)) + elapsed; }
  Ticks ticks() const { return Ticks(minutes(60)) + elapsed; }

  JobQueue queue;
  JobRequest last;
  seconds elapsed{0};
};

TEST_F(Queue, RunsOneJobAtATime) {
  EXPECT_EQ(offer('a'), JobQueue::Offered::taken);
  EXPECT_EQ(take(), 'a');
  EXPECT_EQ(offer('b'), JobQueue::Offered::taken);
  EXPECT_EQ(take(), '.');
  EXPECT_EQ(queue.due(), std::nullopt);
  end(JobOutcome::deployed);
  EXPECT_EQ(take(), 'b');
  end(JobOutcome::unchanged);
  EXPECT_EQ(take(), '.');
  EXPECT_EQ(queue.due(), std::nullopt);
}

TEST_F(Queue, ShowsUntilWhenTheWaitingJobIsPostponed) {
  offer('a');
  EXPECT_FALSE(queue.waiting()->not_before);
  queue.postpone(now() + seconds(30));
  EXPECT_EQ(queue.waiting()->not_before, now() + seconds(30));
  offer('b');
  EXPECT_FALSE(queue.waiting()->not_before);
}

TEST_F(Queue, KeepsOnlyTheNewestWaitingJob) {
  offer('a');
  take();
  offer('b');
  EXPECT_EQ(offer('c'), JobQueue::Offered::taken);
  EXPECT_EQ(offer('d'), JobQueue::Offered::taken);
  end(JobOutcome::deployed);
  EXPECT_EQ(take(), 'd');
}

TEST_F(Queue, RestoresACommitThatIsDone) {
  const auto restore = [&](char digit) { return queue.restore(target(digit), now()); };
  offer('a');
  EXPECT_EQ(restore('a'), JobQueue::Offered::known) << "waits already";
  take();
  EXPECT_EQ(restore('a'), JobQueue::Offered::known) << "runs already";
  end(JobOutcome::deployed);
  EXPECT_EQ(restore('b'), JobQueue::Offered::known) << "is not what is deployed";
  EXPECT_EQ(restore('a'), JobQueue::Offered::taken);
  EXPECT_EQ(take(), 'a');
  EXPECT_EQ(last.trigger, Trigger::drift);
  end(JobOutcome::unchanged);
  EXPECT_EQ(offer('a'), JobQueue::Offered::known);
  EXPECT_EQ(restore('a'), JobQueue::Offered::taken);
  take();
  end(JobOutcome::invalid);
  EXPECT_EQ(restore('a'), JobQueue::Offered::known) << "would fail again";
}

TEST_F(Queue, IgnoresKnownCommits) {
  offer('a');
  EXPECT_EQ(offer('a'), JobQueue::Offered::known);
  take();
  EXPECT_EQ(offer('a'), JobQueue::Offered::known);
  EXPECT_EQ(queue.waiting(), std::nullopt);
  end(JobOutcome::deployed);
  EXPECT_EQ(offer('a'), JobQueue::Offered::known);
  EXPECT_EQ(take(), '.');
}

TEST_F(Queue, DropsTheWaitingJobWhenTheBranchGoesBack) {
  offer('a');
  take();
  offer('b');
  offer('a');
  end(JobOutcome::deployed);
  EXPECT_EQ(take(), '.');
  offer('b');
  offer('a');
  EXPECT_EQ(take(), '.');
}

TEST_F(Queue, RetriesWithGrowingPauses) {
  offer('a');
  for (const seconds pause : {seconds(5), seconds(10), seconds(20)}) {
    ASSERT_EQ(take(), 'a');
    end(JobOutcome::partial);
    EXPECT_EQ(queue.due(), ticks() + pause);
    EXPECT_EQ(queue.waiting()->not_before, now() + pause);
    elapsed += pause - seconds(1);
    EXPECT_EQ(take(), '.');
    EXPECT_EQ(offer('a'), JobQueue::Offered::known) << "a poll does not hasten it";
    elapsed += seconds(1);
  }
  EXPECT_EQ(take(), 'a');
  EXPECT_EQ(last.failures, 3);
  EXPECT_EQ(last.trigger, Trigger::retry);
  end(JobOutcome::deployed);
  EXPECT_EQ(queue.waiting(), std::nullopt);
}

TEST_F(Queue, RetriesAtOnceWhenAsked) {
  offer('a');
  take();
  EXPECT_EQ(queue.retry(target('a'), now()), JobQueue::Offered::known) << "it runs";
  end(JobOutcome::failed);
  EXPECT_EQ(take(), '.');
  EXPECT_EQ(queue.retry(target('a'), now()), JobQueue::Offered::taken);
  EXPECT_EQ(take(), 'a');
  EXPECT_EQ(last.trigger, Trigger::page);
  end(JobOutcome::invalid);
  EXPECT_EQ(queue.retry(target('a'), now()), JobQueue::Offered::taken);
  EXPECT_EQ(take(), 'a');
}

TEST_F(Queue, DoesNotHurryAHeldJob) {
  offer('a');
  take();
  queue.ended(JobOutcome::held, now(), ticks(), "somebody");
  EXPECT_EQ(queue.retry(target('a'), now()), JobQueue::Offered::known);
  EXPECT_EQ(take(), '.');
}

TEST_F(Queue, RestoresFlowsFirstAndSettlesNothing) {
  offer('a');
  take();
  end(JobOutcome::drifted);
  EXPECT_EQ(queue.restore_flow(target('a'), "mfa", now()), JobQueue::Offered::taken);
  EXPECT_EQ(queue.restore_flow(target('a'), "mfa", now()), JobQueue::Offered::known);
  EXPECT_EQ(queue.restore_flow(target('a'), "sign-in", now()), JobQueue::Offered::taken);
  EXPECT_EQ(take(), 'a');
  EXPECT_EQ(last.restores, (std::vector<std::string>{"mfa", "sign-in"}));
  EXPECT_EQ(take(), '.') << "one at a time";
  end(JobOutcome::deployed);
  EXPECT_EQ(take(), 'a') << "the commit that drift had stopped";
  EXPECT_TRUE(last.restores.empty());
  end(JobOutcome::deployed);
  EXPECT_EQ(queue.due(), std::nullopt);
}

TEST_F(Queue, WaitsForTheLeaseWithFlowsToRestore) {
  queue.restore_flow(target('a'), "mfa", now());
  EXPECT_EQ(queue.waiting()->chosen, std::vector<std::string>{"mfa"});
  take();
  queue.restore_flow(target('b'), "sign-in", now());
  queue.ended(JobOutcome::held, now(), ticks(), "somebody");
  EXPECT_EQ(take(), '.');
  EXPECT_EQ(queue.waiting()->lease->holder, "somebody");
  elapsed = seconds(1);
  EXPECT_EQ(take(), 'b');
  EXPECT_EQ(last.restores, (std::vector<std::string>{"mfa", "sign-in"}));
  EXPECT_TRUE(last.lease);
  queue.began();
  end(JobOutcome::failed);
  EXPECT_EQ(queue.due(), std::nullopt) << "a restore is not retried by itself";
}

TEST_F(Queue, ANewerCommitReplacesAFailedOneAtOnce) {
  offer('a');
  take();
  end(JobOutcome::failed);
  offer('b');
  EXPECT_EQ(take(), 'b');
  EXPECT_EQ(last.failures, 0);
  end(JobOutcome::failed);
  EXPECT_EQ(queue.due(), ticks() + seconds(5));
}

TEST_F(Queue, ANewerCommitIsNotDelayedByAFailure) {
  offer('a');
  take();
  offer('b');
  end(JobOutcome::failed);
  EXPECT_EQ(take(), 'b');
}

TEST_F(Queue, DoesNotRetryInvalidCommits) {
  offer('a');
  take();
  end(JobOutcome::invalid);
  EXPECT_EQ(offer('a'), JobQueue::Offered::known);
  EXPECT_EQ(take(), '.');
  EXPECT_EQ(offer('b'), JobQueue::Offered::taken);
}

TEST_F(Queue, WaitsForTheLeaseWithoutCountingAFailure) {
  offer('a');
  for (const seconds pause : {seconds(1), seconds(2), seconds(4), seconds(5), seconds(5)}) {
    ASSERT_EQ(take(), 'a');
    EXPECT_EQ(last.failures, 0);
    EXPECT_EQ(last.trigger, Trigger::poll);
    end(JobOutcome::held);
    EXPECT_EQ(queue.due(), ticks() + pause);
    elapsed += pause;
  }
}

TEST_F(Queue, ShowsSinceWhenAndForWhomItWaits) {
  const Time first = now();
  offer('a');
  take();
  EXPECT_FALSE(last.lease);
  queue.ended(JobOutcome::held, now(), ticks(), "one");
  EXPECT_EQ(queue.waiting()->lease->holder, "one");
  elapsed += seconds(1);
  EXPECT_EQ(take(), 'a');
  EXPECT_TRUE(last.lease) << "see whether it is still held";
  EXPECT_TRUE(queue.waiting()) << "looking is not running";
  queue.ended(JobOutcome::held, now(), ticks(), "two");
  EXPECT_EQ(queue.waiting()->lease->holder, "two");
  EXPECT_EQ(queue.waiting()->lease->since, first);
  offer('b');
  EXPECT_EQ(queue.waiting()->lease->since, first) << "a newer commit waits as well";
  EXPECT_EQ(take(), 'b');
  queue.began();
  EXPECT_FALSE(queue.waiting());
  end(JobOutcome::deployed);
  offer('c');
  EXPECT_FALSE(queue.waiting()->lease);
}

TEST_F(Queue, ASupersededCommitIsDeployedOnceTheBranchIsBackAtIt) {
  offer('a');
  take();
  end(JobOutcome::superseded);
  EXPECT_EQ(queue.waiting(), std::nullopt);
  EXPECT_EQ(offer('a'), JobQueue::Offered::taken);
}

TEST_F(Queue, AStoppedJobIsNotDone) {
  offer('a');
  take();
  end(JobOutcome::stopped);
  EXPECT_EQ(queue.waiting(), std::nullopt);
  EXPECT_EQ(offer('a'), JobQueue::Offered::taken);
}

}  // namespace
}  // namespace flowship::daemon
