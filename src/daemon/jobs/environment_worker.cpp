#include "daemon/jobs/environment_worker.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace flowship::daemon {

namespace {

/// Reports the progress of a deployment to the status store and the log.
class JobProgress final : public deploy::Progress {
 public:
  JobProgress(const EnvironmentId& id, StatusStore& status_store, const Log& log, Task& task)
      : id_(id), status_store_(status_store), log_(log), task_(task) {}

  void phase(std::string_view, std::size_t) override { task_.progressed(); }
  void stepped() override { task_.progressed(); }
  void started(std::size_t steps) override {
    status_store_.job_progressed(id_, [&](RunningJob& job) { job.steps = steps; });
  }
  void sending(const deploy::Change&) override {
    task_.progressed();
    status_store_.job_progressed(id_, [](RunningJob& job) { job.pause.clear(); });
  }
  void accepted(const deploy::Change&) override { task_.progressed(); }
  void waiting(const std::string& why) override {
    task_.pauses();
    status_store_.job_progressed(id_, [&](RunningJob& job) { job.pause = why; });
    log_.info("waiting", {{"why", why}});
  }
  void done(const deploy::FlowResult& result) override {
    task_.progressed();
    status_store_.job_progressed(id_, [](RunningJob& job) {
      ++job.done;
      job.pause.clear();
    });
    std::vector<LogField> fields{{"flow", result.flow_id},
                                 {"action", std::string(to_text(result.action))},
                                 {"outcome", std::string(to_text(result.outcome))},
                                 {"attempts", std::to_string(result.attempts)}};
    if (!result.error.empty()) fields.emplace_back("error", result.error);
    const bool failed = result.outcome == deploy::FlowOutcome::failed;
    failed ? log_.error("flow", fields) : log_.info("flow", fields);
  }
  void finished() override { task_.progressed(); }

 private:
  const EnvironmentId& id_;
  StatusStore& status_store_;
  const Log& log_;
  Task& task_;
};

/// A drift check that waits for the rate budget, behind deployments, is not stuck.
class DriftCheckProgress final : public deploy::Progress {
 public:
  explicit DriftCheckProgress(Task& task) : task_(task) {}

  void phase(std::string_view, std::size_t) override { task_.progressed(); }
  void stepped() override { task_.progressed(); }
  void waiting(const std::string&) override { task_.pauses(); }
  void started(std::size_t) override {}
  void sending(const deploy::Change&) override {}
  void accepted(const deploy::Change&) override {}
  void done(const deploy::FlowResult&) override {}
  void finished() override {}

 private:
  Task& task_;
};

/// Where in each interval an environment is checked: spread evenly, by its name.
std::chrono::milliseconds offset_in(std::chrono::milliseconds interval, const EnvironmentId& id) {
  constexpr std::size_t kParts = 1'000;
  const std::size_t part = std::hash<std::string>{}(id.repository + "/" + id.environment) % kParts;
  return interval * static_cast<std::int64_t>(part) / kParts;
}

}  // namespace

EnvironmentWorker::EnvironmentWorker(EnvironmentId id, EnvironmentConfig config, const Mirror& mirror,
                                     const Shared& shared, std::chrono::milliseconds drift_check,
                                     std::function<void(MirrorFault)> on_mirror_fault)
    : id_(std::move(id)),
      config_(std::move(config)),
      mirror_(mirror),
      shared_(shared),
      log_(shared.log.with({{"repository", id_.repository}, {"environment", id_.environment}})),
      drift_check_(drift_check),
      on_mirror_fault_(std::move(on_mirror_fault)),
      jobs_(shared.jobs, [this] { work(); }),
      drift_checks_(shared.drift_checks, [this] { look_for_drift(); }) {}

EnvironmentWorker::~EnvironmentWorker() { stop(); }

void EnvironmentWorker::offer(const Target& target, Trigger trigger) {
  const std::lock_guard lock(mutex_);
  newest_ = target;
  if (queue_.offer(target, trigger, shared_.clock.now()) == JobQueue::Offered::replaced)
    shared_.status_store.collapsed(id_);
  show_waiting();
  schedule();
}

JobQueue::Offered EnvironmentWorker::retry() {
  const std::lock_guard lock(mutex_);
  if (!newest_ || stop_.requested()) return JobQueue::Offered::known;
  const JobQueue::Offered offered = queue_.retry(*newest_, shared_.clock.now());
  show_waiting();
  schedule();
  return offered;
}

JobQueue::Offered EnvironmentWorker::restore_flow(const std::string& flow_id) {
  const std::lock_guard lock(mutex_);
  if (!newest_ || stop_.requested()) return JobQueue::Offered::known;
  const JobQueue::Offered offered = queue_.restore_flow(*newest_, flow_id, shared_.clock.now());
  show_waiting();
  schedule();
  return offered;
}

Adoption EnvironmentWorker::adopt_flow(const std::string& flow_id) {
  std::optional<Target> target;
  {
    const std::lock_guard lock(mutex_);
    target = newest_;
  }
  if (!target) return {.outcome = Adoption::Outcome::nothing, .why = "no commit is known yet"};
  deploy::Silence silence;
  return daemon::adopt_flow(*target, flow_id,
                            {.mirror = mirror_,
                             .environment = config_,
                             .clock = shared_.clock,
                             .stop = stop_,
                             .progress = silence,
                             .addresses = shared_.addresses});
}

void EnvironmentWorker::stop() {
  stop_.request();
  const std::lock_guard lock(mutex_);
  if (drift_stop_) drift_stop_->request();
}

void EnvironmentWorker::set_drift_check(std::chrono::milliseconds interval) {
  const std::lock_guard lock(mutex_);
  drift_check_ = interval;
  next_drift_check_.reset();
  last_drift_check_.reset();
  apart_ = {};
  schedule();
}

void EnvironmentWorker::show_waiting() { shared_.status_store.job_waiting(id_, queue_.waiting()); }

JobContext EnvironmentWorker::context(const StopSignal& stop, deploy::Progress& progress) const {
  return {.mirror = mirror_,
          .environment = config_,
          .clock = shared_.clock,
          .stop = stop,
          .progress = progress,
          .addresses = shared_.addresses,
          .takes_over_own = has_open_intent_};
}

void EnvironmentWorker::schedule() {
  if (stop_.requested()) return;
  if (const std::optional<Ticks> due = queue_.due()) jobs_.run_at(*due);
  if (drift_check_.count() == 0 || !newest_) return;
  if (!next_drift_check_) next_drift_check_ = shared_.clock.ticks() + offset_in(drift_check_, id_);
  drift_checks_.run_at(*next_drift_check_);
}

void EnvironmentWorker::work() {
  std::optional<JobRequest> job;
  {
    const std::lock_guard lock(mutex_);
    if (stop_.requested()) return;
    // Its end schedules this again.
    if (drift_stop_) return drift_stop_->request();
    job = queue_.take(shared_.clock.ticks());
    if (!job) return schedule();
    is_working_ = true;
  }
  const auto end = [this] {
    const std::lock_guard lock(mutex_);
    is_working_ = false;
    schedule();
  };
  try {
    run_job(*job);
  } catch (const std::exception&) {
    {
      const std::lock_guard lock(mutex_);
      queue_.ended(JobOutcome::failed, shared_.clock.now(), shared_.clock.ticks());
    }
    end();
    throw;
  }
  end();
}

void EnvironmentWorker::look_for_drift() {
  std::shared_ptr<StopSignal> stop;
  std::optional<Target> target;
  {
    const std::lock_guard lock(mutex_);
    const Ticks now = shared_.clock.ticks();
    if (stop_.requested()) return;
    const std::optional<Ticks> job_due = queue_.due();
    // The job's end schedules this again.
    if (is_working_ || (job_due && *job_due <= now)) return;
    if (!next_drift_check_ || now < *next_drift_check_) return schedule();
    target = newest_;
    stop = drift_stop_ = std::make_shared<StopSignal>();
  }
  DriftReport report;
  try {
    report = check_for_drift(*target, *stop);
  } catch (const std::exception&) {
    const std::lock_guard lock(mutex_);
    drift_stop_.reset();
    // A job may have waited for the end of the check.
    if (const std::optional<Ticks> job_due = queue_.due()) jobs_.run_at(*job_due);
    throw;
  }
  const std::lock_guard lock(mutex_);
  drift_stop_.reset();
  // A job goes first; the check comes after it.
  if (!stop->requested()) drift_checked(*target, std::move(report));
  schedule();
}

void EnvironmentWorker::run_job(const JobRequest& request) {
  if (request.lease && is_still_held(request)) return;
  const std::string job_id = shared_.new_job_id();
  const Log log = log_.with({{"job", job_id}, {"commit", request.target.commit.hex()}});
  const Time started = shared_.clock.now();
  JobProgress progress(id_, shared_.status_store, log, jobs_);
  const JobContext context = this->context(stop_, progress);
  if (!std::exchange(ledger_is_read_, true)) {
    LedgerFacts facts = read_ledger(request.target, context);
    shared_.status_store.ledger_read(id_, facts.deployed, std::move(facts.recent));
  }
  shared_.status_store.job_started(id_, {.id = job_id,
                                         .commit = request.target.line(),
                                         .branch = request.target.branch,
                                         .trigger = request.trigger,
                                         .since = started,
                                         .steps = 0,
                                         .done = 0,
                                         .pause = {}});
  log.info("job started", {{"branch", request.target.branch}, {"trigger", std::string(to_text(request.trigger))}});
  JobResult result = daemon::run_job(request, context);
  // Jobs that never came to the ledger leave it as it is.
  if (result.is_unrecorded || result.job.outcome == JobOutcome::failed) has_open_intent_ = true;
  if (!result.job.record.empty() && !result.is_unrecorded) has_open_intent_ = false;
  result.job.id = job_id;
  finish(request, std::move(result), started, log);
}

bool EnvironmentWorker::is_still_held(const JobRequest& request) {
  deploy::Silence silence;
  const std::optional<std::string> holder = lease_holder(request.target, context(stop_, silence));
  if (holder && *holder != request.lease->holder) log_.info("waiting for another deployment", {{"holder", *holder}});
  const std::lock_guard lock(mutex_);
  if (!holder) {
    queue_.began();
    return false;
  }
  queue_.ended(JobOutcome::held, shared_.clock.now(), shared_.clock.ticks(), *holder);
  show_waiting();
  return true;
}

void EnvironmentWorker::finish(const JobRequest& request, JobResult result, Time started, const Log& log) {
  FinishedJob& job = result.job;
  job.started = started;
  job.finished = shared_.clock.now();
  if (result.deployed && result.deployed->record == job.record) result.deployed->job = job.id;
  for (const std::string& warning : job.warnings) log.warning(warning);
  for (const std::string& finding : job.findings) log.error("finding", {{"what", finding}});
  std::vector<LogField> fields{
      {"outcome", std::string(to_text(job.outcome))},
      {"milliseconds",
       std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(job.finished - job.started).count())}};
  if (!job.error.empty()) fields.emplace_back("error", job.error);
  if (!job.hint.empty()) fields.emplace_back("hint", job.hint);
  shared_.status_store.job_ended(id_, job, result.deployed, result.project_id);
  shared_.notifier.notify(id_, job, request.failures);
  {
    const std::lock_guard lock(mutex_);
    queue_.ended(job.outcome, job.finished, shared_.clock.ticks(), result.holder);
    show_waiting();
  }
  // Logged last, so that whoever reads it finds everything else updated.
  is_failure(job.outcome) ? log.error("job finished", fields) : log.info("job finished", fields);
  // A damaged mirror fails a job like this.
  if (job.outcome == JobOutcome::failed && job.flows.empty() && request.failures == 0) {
    on_mirror_fault_(MirrorFault::unreadable);
  }
  if (job.outcome == JobOutcome::superseded) on_mirror_fault_(MirrorFault::behind);
}

DriftReport EnvironmentWorker::check_for_drift(const Target& target, const StopSignal& stop) {
  DriftCheckProgress progress(drift_checks_);
  return check_drift(target, context(stop, progress));
}

void EnvironmentWorker::log_drift(const DriftReport& report) const {
  if (!report.error.empty()) log_.warning("drift check failed", {{"error", report.error}});
  if (!report.unknown.empty()) {
    log_.warning("flows can't be exported", {{"unknown", std::to_string(report.unknown.size())}});
  }
  if (report.any()) {
    log_.warning("drift detected", {{"drifted", std::to_string(report.drifted.size())},
                                    {"missing", std::to_string(report.missing.size())},
                                    {"onDrift", std::string(to_text(report.on_drift))},
                                    {"next", next_step(report)}});
  }
}

void EnvironmentWorker::drift_checked(const Target& target, DriftReport report) {
  const Ticks now = shared_.clock.ticks();
  if (last_drift_check_) {
    // An average, since checks of a full window come in bursts.
    constexpr int kWeight = 4;
    const auto gap = std::chrono::duration_cast<std::chrono::milliseconds>(now - *last_drift_check_);
    apart_ = apart_.count() == 0 ? gap : (apart_ * (kWeight - 1) + gap) / kWeight;
  }
  report.apart = apart_;
  report.interval = drift_check_;
  last_drift_check_ = now;
  // From when it was due, so that checks stay apart; what does not fit is not caught up on.
  // A reload may have changed the interval meanwhile.
  if (next_drift_check_) next_drift_check_ = std::max(*next_drift_check_ + drift_check_, now);
  if (report.error.empty()) {
    const bool is_news = report.is_news_after(last_drift_) && (report.any() || !report.unknown.empty());
    last_drift_ = report;
    if (is_news) shared_.notifier.notify(id_, report);
  }
  shared_.status_store.drift_checked(id_, report);
  // After the status, so that whoever reads it finds that updated.
  log_drift(report);
  if (!report.restores()) return;
  queue_.restore(target, shared_.clock.now());
  show_waiting();
}

}  // namespace flowship::daemon
