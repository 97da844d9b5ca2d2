#include "daemon/jobs/job_queue.hpp"

#include "daemon/jobs/backoff.hpp"

#include <utility>

namespace flowship::daemon {

std::optional<std::chrono::milliseconds> pause_after(JobOutcome outcome, int failures) {
  constexpr std::chrono::seconds kFirstPause{5};
  constexpr std::chrono::seconds kFirstLookAtHolder{1};
  constexpr std::chrono::seconds kBetweenLooksAtHolder{30};
  switch (outcome) {
    case JobOutcome::deployed:
    case JobOutcome::unchanged:
    case JobOutcome::invalid:
    case JobOutcome::stopped:
      return std::nullopt;
    case JobOutcome::held:
      return backoff(failures, kFirstLookAtHolder, kBetweenLooksAtHolder);
    case JobOutcome::partial:
    case JobOutcome::failed:
    case JobOutcome::drifted:
    case JobOutcome::credentials:
      return backoff(failures, kFirstPause);
  }
  return std::nullopt;
}

JobQueue::Offered JobQueue::offer(const Target& target, Trigger trigger, Time now) {
  const auto is_target = [&](const std::optional<Order>& order) {
    return order && order->target.commit == target.commit;
  };
  if (is_target(waiting_)) return Offered::known;
  // Back to what runs or is done: then what waits is not wanted any more.
  if (is_target(running_) || (!running_ && settled_ == target.commit)) {
    waiting_.reset();
    return Offered::known;
  }
  const bool replaces = waiting_.has_value();
  waiting_ = Order{.target = target, .trigger = trigger, .since = now, .failures = 0};
  due_ = Ticks{};
  not_before_.reset();
  held_ = 0;
  return replaces ? Offered::replaced : Offered::taken;
}

void JobQueue::forget() { settled_.reset(); }

std::optional<Order> JobQueue::take(Ticks ticks) {
  if (running_ || !waiting_ || ticks < due_) return std::nullopt;
  running_ = std::exchange(waiting_, std::nullopt);
  return running_;
}

void JobQueue::ended(JobOutcome outcome, Time now, Ticks ticks) {
  Order order = *std::exchange(running_, std::nullopt);
  held_ = outcome == JobOutcome::held ? held_ + 1 : 0;
  if (is_failure(outcome)) ++order.failures;
  const auto pause = pause_after(outcome, outcome == JobOutcome::held ? held_ : order.failures);
  if (!pause) {
    // One that was stopped is not done with.
    settled_ = outcome == JobOutcome::stopped ? std::nullopt : std::optional(order.target.commit);
    return;
  }
  settled_.reset();
  if (waiting_) return;
  if (outcome != JobOutcome::held) order.trigger = Trigger::retry;
  waiting_ = std::move(order);
  due_ = ticks + *pause;
  not_before_ = now + *pause;
}

std::optional<Ticks> JobQueue::due() const { return waiting_ && !running_ ? std::optional(due_) : std::nullopt; }

std::optional<WaitingJob> JobQueue::waiting() const {
  if (!waiting_) return std::nullopt;
  return WaitingJob{.commit = {.id = waiting_->target.commit.hex(), .subject = waiting_->target.subject},
                    .branch = waiting_->target.branch,
                    .trigger = waiting_->trigger,
                    .since = waiting_->since,
                    .not_before = not_before_,
                    .failures = waiting_->failures};
}

}  // namespace flowship::daemon
