#include "daemon/jobs/job_queue.hpp"

#include "daemon/jobs/backoff.hpp"

#include <algorithm>
#include <utility>

namespace flowship::daemon {

std::optional<std::chrono::milliseconds> pause_after(JobOutcome outcome, int failures) {
  constexpr std::chrono::seconds kFirstPause{5};
  constexpr std::chrono::seconds kFirstLeasePause{1};
  // Each look is a `git fetch` where the ledger is shared.
  constexpr std::chrono::seconds kLongestLeasePause{5};
  switch (outcome) {
    case JobOutcome::deployed:
    case JobOutcome::unchanged:
    case JobOutcome::invalid:
    case JobOutcome::stopped:
    case JobOutcome::superseded:
      return std::nullopt;
    case JobOutcome::held:
      return backoff(failures, kFirstLeasePause, kLongestLeasePause);
    case JobOutcome::partial:
    case JobOutcome::failed:
    case JobOutcome::drifted:
    case JobOutcome::credentials:
      return backoff(failures, kFirstPause);
  }
  return std::nullopt;
}

JobQueue::Offered JobQueue::offer(const Target& target, Trigger trigger, Time now) {
  const auto is_target = [&](const std::optional<JobRequest>& request) {
    return request && request->target.commit == target.commit;
  };
  if (is_target(waiting_)) return Offered::known;
  // The branch is back at what runs or is done, so the waiting job is obsolete.
  if (is_target(running_) || (!running_ && settled_ == target.commit)) {
    waiting_.reset();
    return Offered::known;
  }
  waiting_ = JobRequest{.target = target, .trigger = trigger, .since = now, .failures = 0};
  due_ = Ticks{};
  not_before_.reset();
  held_ = 0;
  return Offered::taken;
}

JobQueue::Offered JobQueue::restore(const Target& target, Time now) {
  const bool is_done = !running_ && !waiting_ && settled_ == target.commit && !settled_is_invalid_;
  if (!is_done) return Offered::known;
  settled_.reset();
  return offer(target, Trigger::drift, now);
}

JobQueue::Offered JobQueue::retry(const Target& target, Time now) {
  if (lease_ || (running_ && running_->target.commit == target.commit)) return Offered::known;
  if (!waiting_) {
    settled_.reset();
    return offer(target, Trigger::page, now);
  }
  waiting_->trigger = Trigger::page;
  due_ = Ticks{};
  not_before_.reset();
  return Offered::taken;
}

JobQueue::Offered JobQueue::restore_flow(const Target& target, const std::string& flow_id, Time now) {
  if (!restoring_) {
    restoring_ = JobRequest{.target = target, .trigger = Trigger::page, .since = now, .failures = 0};
    restoring_due_ = Ticks{};
  }
  std::vector<std::string>& flows = restoring_->restores;
  if (std::find(flows.begin(), flows.end(), flow_id) != flows.end()) return Offered::known;
  restoring_->target = target;
  flows.push_back(flow_id);
  return Offered::taken;
}

std::optional<JobRequest> JobQueue::take(Ticks ticks) {
  if (running_) return std::nullopt;
  if (restoring_ && ticks >= restoring_due_) {
    running_ = std::exchange(restoring_, std::nullopt);
  } else if (waiting_ && ticks >= due_) {
    running_ = std::exchange(waiting_, std::nullopt);
  } else {
    return std::nullopt;
  }
  running_->lease = lease_;
  looks_ = lease_.has_value();
  return running_;
}

void JobQueue::ended(JobOutcome outcome, Time now, Ticks ticks, const std::string& holder) {
  if (!running_) return;
  JobRequest request = *std::exchange(running_, std::nullopt);
  looks_ = false;
  if (outcome == JobOutcome::held) {
    ++held_;
    lease_ = LeaseWait{.since = lease_ ? lease_->since : now, .holder = holder};
  } else {
    held_ = 0;
    lease_.reset();
  }
  if (!request.restores.empty()) return restore_ended(std::move(request), outcome, ticks);
  if (is_failure(outcome)) ++request.failures;
  const auto pause = pause_after(outcome, outcome == JobOutcome::held ? held_ : request.failures);
  if (!pause) {
    // A stopped job has to run again, and a branch can be forced back to a superseded commit.
    const bool is_open = outcome == JobOutcome::stopped || outcome == JobOutcome::superseded;
    settled_ = is_open ? std::nullopt : std::optional(request.target.commit);
    settled_is_invalid_ = outcome == JobOutcome::invalid;
    return;
  }
  settled_.reset();
  if (waiting_) return;
  if (outcome != JobOutcome::held) request.trigger = Trigger::retry;
  waiting_ = std::move(request);
  due_ = ticks + *pause;
  not_before_ = now + *pause;
}

void JobQueue::restore_ended(JobRequest request, JobOutcome outcome, Ticks ticks) {
  if (outcome != JobOutcome::held) {
    // What drift had stopped may go on.
    due_ = Ticks{};
    not_before_.reset();
    return;
  }
  for (const std::string& flow : restoring_ ? restoring_->restores : std::vector<std::string>()) {
    const bool is_new = std::find(request.restores.begin(), request.restores.end(), flow) == request.restores.end();
    if (is_new) request.restores.push_back(flow);
  }
  if (restoring_) request.target = restoring_->target;
  restoring_ = std::move(request);
  restoring_due_ = ticks + pause_after(outcome, held_).value_or(std::chrono::milliseconds(0));
}

std::optional<Ticks> JobQueue::due() const {
  if (running_) return std::nullopt;
  if (restoring_) return waiting_ ? std::min(due_, restoring_due_) : restoring_due_;
  return waiting_ ? std::optional(due_) : std::nullopt;
}

std::optional<WaitingJob> JobQueue::waiting() const {
  const std::optional<JobRequest>& next = waiting_ ? waiting_ : restoring_;
  const std::optional<JobRequest>& job = !waiting_ && looks_ ? running_ : next;
  if (!job) return std::nullopt;
  return WaitingJob{.commit = job->target.line(),
                    .branch = job->target.branch,
                    .trigger = job->trigger,
                    .since = job->since,
                    .not_before = not_before_,
                    .failures = job->failures,
                    .lease = lease_,
                    .chosen = job->restores};
}

}  // namespace flowship::daemon
