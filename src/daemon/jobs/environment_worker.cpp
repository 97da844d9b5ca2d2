#include "daemon/jobs/environment_worker.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace flowship::daemon {

namespace {

/// Reports the progress of a deployment to the status store and the log.
class JobProgress final : public deploy::Progress {
 public:
  JobProgress(const EnvironmentId& id, StatusStore& status_store, const Log& log)
      : id_(id), status_store_(status_store), log_(log) {}

  void phase(std::string_view, std::size_t) override {}
  void stepped() override {}
  void started(std::size_t steps) override {
    status_store_.job_progressed(id_, [&](RunningJob& job) { job.steps = steps; });
  }
  void sending(const deploy::Change&) override {
    status_store_.job_progressed(id_, [](RunningJob& job) { job.pause.clear(); });
  }
  void accepted(const deploy::Change&) override {}
  void waiting(const std::string& why) override {
    status_store_.job_progressed(id_, [&](RunningJob& job) { job.pause = why; });
    log_.info("waiting", {{"why", why}});
  }
  void done(const deploy::FlowResult& result) override {
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
  void finished() override {}

 private:
  const EnvironmentId& id_;
  StatusStore& status_store_;
  const Log& log_;
};

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
      thread_([this] { run(); }) {}

EnvironmentWorker::~EnvironmentWorker() {
  stop();
  thread_.join();
}

void EnvironmentWorker::offer(const Target& target, Trigger trigger) {
  const std::lock_guard lock(mutex_);
  newest_ = target;
  if (queue_.offer(target, trigger, shared_.clock.now()) == JobQueue::Offered::replaced)
    shared_.status_store.collapsed(id_);
  show_waiting();
  changed_.notify_all();
}

void EnvironmentWorker::stop() {
  stop_.request();
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void EnvironmentWorker::show_waiting() { shared_.status_store.job_waiting(id_, queue_.waiting()); }

void EnvironmentWorker::run() {
  while (const std::optional<Next> todo = next()) {
    if (todo->job) run_job(*todo->job);
    if (todo->drift_check) check_for_drift(*todo->drift_check);
  }
  ended_ = true;
}

std::optional<EnvironmentWorker::Next> EnvironmentWorker::next() {
  std::unique_lock lock(mutex_);
  while (!stop_.requested()) {
    const Ticks now = shared_.clock.ticks();
    if (std::optional<JobRequest> job = queue_.take(now)) return Next{.job = std::move(job), .drift_check = {}};
    const bool checks_drift = drift_check_.count() > 0 && newest_;
    if (checks_drift && now >= next_drift_check_) return Next{.job = {}, .drift_check = newest_};
    std::optional<Ticks> until = queue_.due();
    if (checks_drift) until = until ? std::min(*until, next_drift_check_) : next_drift_check_;
    if (until) {
      changed_.wait_until(lock, *until);
    } else {
      changed_.wait(lock);
    }
  }
  return std::nullopt;
}

void EnvironmentWorker::run_job(const JobRequest& request) {
  if (request.lease && is_still_held(request)) return;
  const std::string job_id = shared_.new_job_id();
  const Log log = log_.with({{"job", job_id}, {"commit", request.target.commit.hex()}});
  const Time started = shared_.clock.now();
  JobProgress progress(id_, shared_.status_store, log);
  const JobContext context{.mirror = mirror_,
                           .environment = config_,
                           .clock = shared_.clock,
                           .stop = stop_,
                           .progress = progress,
                           .addresses = shared_.addresses};
  if (!std::exchange(ledger_is_read_, true)) {
    LedgerFacts facts = read_ledger(request.target, context);
    shared_.status_store.ledger_read(id_, facts.deployed, std::move(facts.recent));
  }
  shared_.status_store.job_started(id_,
                                   {.id = job_id,
                                    .commit = {.id = request.target.commit.hex(), .subject = request.target.subject},
                                    .branch = request.target.branch,
                                    .trigger = request.trigger,
                                    .since = started,
                                    .steps = 0,
                                    .done = 0,
                                    .pause = {}});
  log.info("job started", {{"branch", request.target.branch}, {"trigger", std::string(to_text(request.trigger))}});
  JobResult result = daemon::run_job(request, context);
  result.job.id = job_id;
  finish(request, std::move(result), started, log);
}

bool EnvironmentWorker::is_still_held(const JobRequest& request) {
  deploy::Silence silence;
  const std::optional<std::string> holder = lease_holder(request.target, {.mirror = mirror_,
                                                                          .environment = config_,
                                                                          .clock = shared_.clock,
                                                                          .stop = stop_,
                                                                          .progress = silence,
                                                                          .addresses = shared_.addresses});
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

void EnvironmentWorker::check_for_drift(const Target& target) {
  deploy::Silence silence;
  const DriftReport report = check_drift(target, {.mirror = mirror_,
                                                  .environment = config_,
                                                  .clock = shared_.clock,
                                                  .stop = stop_,
                                                  .progress = silence,
                                                  .addresses = shared_.addresses});
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
  if (report.error.empty()) {
    const bool is_news = report.is_news_after(last_drift_) && (report.any() || !report.unknown.empty());
    last_drift_ = report;
    if (is_news) shared_.notifier.notify(id_, report);
  }
  shared_.status_store.drift_checked(id_, report);
  next_drift_check_ = shared_.clock.ticks() + drift_check_;
  if (!report.restores()) return;
  const std::lock_guard lock(mutex_);
  queue_.restore(target, shared_.clock.now());
  show_waiting();
}

}  // namespace flowship::daemon
