#include "daemon/jobs/environment_worker.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace flowship::daemon {

namespace {

/// Tells board and log how a deployment goes on.
class JobProgress final : public deploy::Progress {
 public:
  JobProgress(const EnvironmentId& id, StatusStore& board, const Log& log) : id_(id), board_(board), log_(log) {}

  void started(std::size_t steps) override {
    board_.progressed(id_, [&](RunningJob& job) { job.steps = steps; });
  }
  void sending(const deploy::Change&) override {
    board_.progressed(id_, [](RunningJob& job) { job.pause.clear(); });
  }
  void waiting(const std::string& why) override {
    board_.progressed(id_, [&](RunningJob& job) { job.pause = why; });
    log_.info("waiting", {{"why", why}});
  }
  void done(const deploy::FlowResult& result) override {
    board_.progressed(id_, [](RunningJob& job) {
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
  StatusStore& board_;
  const Log& log_;
};

}  // namespace

EnvironmentWorker::EnvironmentWorker(EnvironmentId id, EnvironmentConfig config, const Mirror& mirror,
                                     const Shared& shared, std::chrono::milliseconds drift_check,
                                     std::function<void()> on_unreadable)
    : id_(std::move(id)),
      config_(std::move(config)),
      mirror_(mirror),
      shared_(shared),
      log_(shared.log.with({{"repository", id_.repository}, {"environment", id_.environment}})),
      drift_check_(drift_check),
      on_unreadable_(std::move(on_unreadable)),
      thread_([this] { run(); }) {}

EnvironmentWorker::~EnvironmentWorker() {
  stop();
  thread_.join();
}

void EnvironmentWorker::offer(const Target& target, Trigger trigger) {
  const std::lock_guard lock(mutex_);
  newest_ = target;
  if (queue_.offer(target, trigger, shared_.clock.now()) == JobQueue::Offered::replaced) shared_.board.collapsed(id_);
  show_waiting();
  changed_.notify_all();
}

void EnvironmentWorker::stop() {
  stop_.request();
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void EnvironmentWorker::show_waiting() { shared_.board.waits(id_, queue_.waiting()); }

void EnvironmentWorker::run() {
  while (const std::optional<Next> todo = next()) {
    if (todo->order) work(*todo->order);
    if (todo->look) look(*todo->look);
  }
  ended_ = true;
}

std::optional<EnvironmentWorker::Next> EnvironmentWorker::next() {
  std::unique_lock lock(mutex_);
  while (!stop_.requested()) {
    const Ticks now = shared_.clock.ticks();
    if (std::optional<Order> order = queue_.take(now)) return Next{.order = std::move(order), .look = {}};
    const bool looks = drift_check_.count() > 0 && newest_;
    if (looks && now >= next_look_) return Next{.order = {}, .look = newest_};
    std::optional<Ticks> until = queue_.due();
    if (looks) until = until ? std::min(*until, next_look_) : next_look_;
    if (until) {
      changed_.wait_until(lock, *until);
    } else {
      changed_.wait(lock);
    }
  }
  return std::nullopt;
}

void EnvironmentWorker::work(const Order& order) {
  const std::string job_id = shared_.new_job_id();
  const Log log = log_.with({{"job", job_id}, {"commit", order.target.commit.hex()}});
  const Time started = shared_.clock.now();
  JobProgress progress(id_, shared_.board, log);
  const JobSite site{
      .mirror = mirror_, .environment = config_, .clock = shared_.clock, .stop = stop_, .progress = progress};
  if (!std::exchange(ledger_is_read_, true)) {
    LedgerFacts facts = read_ledger(order.target, site);
    shared_.board.knows(id_, facts.deployed, std::move(facts.recent));
  }
  shared_.board.began(id_, {.id = job_id,
                            .commit = {.id = order.target.commit.hex(), .subject = order.target.subject},
                            .branch = order.target.branch,
                            .trigger = order.trigger,
                            .since = started,
                            .steps = 0,
                            .done = 0,
                            .pause = {}});
  log.info("job begins", {{"branch", order.target.branch}, {"trigger", std::string(to_text(order.trigger))}});
  JobResult result = run_job(order, site);
  result.job.id = job_id;
  finish(order, std::move(result), started, log);
}

void EnvironmentWorker::finish(const Order& order, JobResult result, Time started, const Log& log) {
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
  shared_.board.ended(id_, job, result.deployed, result.project_id);
  shared_.notifier.tell(id_, job, order.failures);
  {
    const std::lock_guard lock(mutex_);
    queue_.ended(job.outcome, job.finished, shared_.clock.ticks());
    show_waiting();
  }
  // Told last, so that who reads it finds everything else in its place.
  is_failure(job.outcome) ? log.error("job ended", fields) : log.info("job ended", fields);
  // The mirror may be damaged: whatever can't be read there ends a job so.
  if (job.outcome == JobOutcome::failed && job.flows.empty() && order.failures == 0) on_unreadable_();
}

void EnvironmentWorker::look(const Target& target) {
  deploy::Silence silence;
  const DriftReport report = look_for_drift(
      target, {.mirror = mirror_, .environment = config_, .clock = shared_.clock, .stop = stop_, .progress = silence});
  if (!report.error.empty()) log_.warning("drift could not be looked for", {{"error", report.error}});
  if (report.any()) {
    log_.warning("the service differs from what was deployed", {{"drifted", std::to_string(report.drifted.size())},
                                                                {"missing", std::to_string(report.missing.size())}});
  }
  shared_.board.looked_for_drift(id_, report);
  next_look_ = shared_.clock.ticks() + drift_check_;
}

}  // namespace flowship::daemon
