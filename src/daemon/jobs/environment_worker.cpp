#include "daemon/jobs/environment_worker.hpp"

#include "daemon/jobs/backoff.hpp"
#include "daemon/jobs/job_progress.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace flowship::daemon {

namespace {

/// How long after a pause of the service's address, begun by a 429, jobs that had to wait for its end are begun: one
/// that had begun before finds out first whether requests are let through again.
constexpr std::chrono::seconds kAfterPause{1};
/// For how long a result is shared again that could not be, and the pauses in between.
constexpr std::chrono::minutes kSharingLasts{5};
constexpr std::chrono::seconds kFirstSharingPause{1};
constexpr std::chrono::seconds kLongestSharingPause{10};

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
  queue_.offer(target, trigger, shared_.clock.now());
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
                             .cut = stop_,
                             .progress = silence,
                             .addresses = shared_.addresses});
}

void EnvironmentWorker::stop() {
  stop_.request();
  const std::lock_guard lock(mutex_);
  if (drift_stop_) drift_stop_->request();
  if (unshared_) jobs_.run_at(Ticks{});
}

bool EnvironmentWorker::has_ended() const {
  if (jobs_.is_running() || drift_checks_.is_running()) return false;
  const std::lock_guard lock(mutex_);
  return !unshared_;
}

void EnvironmentWorker::set_remote_away(bool is_away) {
  const std::lock_guard lock(mutex_);
  is_remote_away_ = is_away;
  schedule();
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

JobContext EnvironmentWorker::context(const StopSignal& stop, const StopSignal& cut, deploy::Progress& progress) const {
  return {.mirror = mirror_,
          .environment = config_,
          .clock = shared_.clock,
          .stop = stop,
          .cut = cut,
          .progress = progress,
          .addresses = shared_.addresses,
          .shutdown = shared_.shutdown.load(),
          .takes_over_own = has_open_intent_};
}

void EnvironmentWorker::look_for_destination() {
  std::optional<Target> target;
  {
    const std::lock_guard lock(mutex_);
    const std::optional<Ticks> due = job_due();
    if (unshared_ || stop_.requested() || !due || *due > shared_.clock.ticks()) return;
    target = newest_;
  }
  deploy::Silence silence;
  const std::optional<Destination> found = destination_of(*target, context(stop_, stop_, silence));
  if (!found) return;
  const std::lock_guard lock(mutex_);
  destination_ = *found;
  // What is under way at an address that refuses all requests holds no place in the pool.
  jobs_.waits_while([this, address = found->address] { return is_sharing_ || address->is_pausing(); });
}

bool EnvironmentWorker::has_to_wait(Ticks now) {
  const std::optional<Ticks> pause = destination_.address ? destination_.address->pause(now) : std::nullopt;
  if (!pause) return false;
  const Ticks until = *pause + kAfterPause;
  queue_.postpone(shared_.clock.now() + std::chrono::duration_cast<Time::duration>(until - now));
  show_waiting();
  jobs_.run_at(until);
  return true;
}

std::optional<Ticks> EnvironmentWorker::job_due() const {
  if (unshared_) return unshared_->due;
  // Without its remote a shared ledger can't say who holds the environment.
  if (is_remote_away_ && destination_.shares_ledger) return std::nullopt;
  return queue_.due();
}

void EnvironmentWorker::schedule() {
  if (stop_.requested()) return;
  if (const std::optional<Ticks> due = job_due()) jobs_.run_at(*due);
  if (drift_check_.count() == 0 || !newest_) return;
  if (!next_drift_check_) next_drift_check_ = shared_.clock.ticks() + offset_in(drift_check_, id_);
  drift_checks_.run_at(*next_drift_check_);
}

void EnvironmentWorker::work() {
  look_for_destination();
  std::optional<JobRequest> job;
  {
    const std::lock_guard lock(mutex_);
    const Ticks now = shared_.clock.ticks();
    if (!unshared_) {
      if (stop_.requested()) return;
      const std::optional<Ticks> due = job_due();
      if (!due || *due > now) return schedule();
      if (has_to_wait(now)) return;
      // Its end schedules this again.
      if (drift_stop_) return drift_stop_->request();
      job = queue_.take(now);
      if (!job) return schedule();
    } else if (!stop_.requested() && unshared_->due > now) {
      return schedule();
    }
    is_working_ = true;
  }
  const auto end = [this] {
    const std::lock_guard lock(mutex_);
    is_working_ = false;
    schedule();
  };
  try {
    job ? run_job(*job) : share_result();
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
    const std::optional<Ticks> due = job_due();
    // The job's end schedules this again.
    if (is_working_ || unshared_ || (due && *due <= now)) return;
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
    if (const std::optional<Ticks> due = job_due()) jobs_.run_at(*due);
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
  const JobContext context = this->context(stop_, shared_.cut, progress);
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
  result.job.id = job_id;
  if (!result.is_kept || stop_.requested()) return finish(request, std::move(result), started, log);
  const std::lock_guard lock(mutex_);
  const Ticks now = shared_.clock.ticks();
  unshared_.emplace(Unshared{.request = request,
                             .result = std::move(result),
                             .started = started,
                             .log = log,
                             .until = now + kSharingLasts,
                             .due = now + kFirstSharingPause,
                             .tries = 1});
}

void EnvironmentWorker::share_result() {
  Unshared& unshared = *unshared_;
  deploy::Silence silence;
  is_sharing_ = true;
  jobs_.pauses();
  const bool is_done =
      !stop_.requested() && share_kept(unshared.request.target, context(stop_, stop_, silence), unshared.result);
  is_sharing_ = false;
  std::optional<Unshared> ended;
  {
    const std::lock_guard lock(mutex_);
    const Ticks now = shared_.clock.ticks();
    if (!is_done && !stop_.requested() && now < unshared.until) {
      unshared.due = now + backoff(++unshared.tries, kFirstSharingPause, kLongestSharingPause);
      return;
    }
    ended.emplace(std::move(unshared));
    unshared_.reset();
  }
  finish(ended->request, std::move(ended->result), ended->started, ended->log);
}

bool EnvironmentWorker::is_still_held(const JobRequest& request) {
  deploy::Silence silence;
  const std::optional<std::string> holder = lease_holder(request.target, context(stop_, stop_, silence));
  if (holder && *holder != request.lease->holder) log_.info("waiting for another deployment", {{"holder", *holder}});
  const std::lock_guard lock(mutex_);
  // A stop ends the look early.
  if (!holder && !stop_.requested()) {
    queue_.began();
    return false;
  }
  queue_.ended(JobOutcome::held, shared_.clock.now(), shared_.clock.ticks(), holder.value_or(request.lease->holder));
  show_waiting();
  return true;
}

void EnvironmentWorker::finish(const JobRequest& request, JobResult result, Time started, const Log& log) {
  FinishedJob& job = result.job;
  // Jobs that never came to the ledger leave it as it is.
  if (result.is_unrecorded || job.outcome == JobOutcome::failed) has_open_intent_ = true;
  if (!job.record.empty() && !result.is_unrecorded) has_open_intent_ = false;
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
  return check_drift(target, context(stop, stop, progress));
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
