#include "daemon/status/status_store.hpp"

#include "check/rules/secrets.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace flowship::daemon {

namespace {

double seconds_between(Time from, Time to) { return std::chrono::duration<double>(to - from).count(); }

/// Why a job failed, in one sentence: a flow that failed is named before those that were skipped for its sake.
std::string why(const FinishedJob& job) {
  if (!job.error.empty()) return job.error + (job.findings.empty() ? "" : ": " + job.findings.front());
  const auto first = [&](bool failed) {
    return std::find_if(job.flows.begin(), job.flows.end(), [&](const deploy::FlowResult& flow) {
      return !flow.error.empty() && (!failed || flow.outcome == deploy::FlowOutcome::failed);
    });
  };
  auto flow = first(true);
  if (flow == job.flows.end()) flow = first(false);
  if (flow == job.flows.end()) return std::string(to_text(job.outcome));
  return flow->flow_id + ": " + flow->error;
}

void count(Tally& tally, const FinishedJob& job) {
  ++tally.jobs[job.outcome];
  tally.durations[job.outcome].add(seconds_between(job.started, job.finished));
  if (job.trigger == Trigger::retry) ++tally.retries;
  if (job.outcome == JobOutcome::deployed) tally.until_deployed.add(seconds_between(job.since, job.finished));
  for (const deploy::FlowResult& flow : job.flows) {
    ++tally.flows[flow.outcome];
    const auto attempts = static_cast<std::uint64_t>(flow.attempts);
    const bool taken = attempts > 0 && (is_done(flow.outcome) || flow.outcome == deploy::FlowOutcome::restored);
    tally.requests_ok += taken ? 1 : 0;
    tally.requests_failed += attempts - (taken ? 1 : 0);
  }
}

/// Adds a job, or replaces the last one if it is another attempt of the same commit with the same outcome.
void add_recent(std::vector<FinishedJob>& recent, const FinishedJob& job) {
  const bool again = !recent.empty() && is_failure(job.outcome) && recent.front().outcome == job.outcome &&
                     recent.front().commit.id == job.commit.id && recent.front().chosen == job.chosen;
  const int tries = again ? recent.front().tries + 1 : job.tries;
  if (again) {
    recent.front() = job;
  } else {
    recent.insert(recent.begin(), job);
  }
  recent.front().tries = tries;
  if (recent.size() > kRecentJobs) recent.resize(kRecentJobs);
}

/// The flows that a job restored have drifted no longer.
void forget_restored(const FinishedJob& job, std::optional<DriftReport>& drift) {
  if (!drift) return;
  for (const deploy::FlowResult& flow : job.flows) {
    if (!is_done(flow.outcome)) continue;
    std::erase(drift->drifted, flow.flow_id);
    std::erase(drift->missing, flow.flow_id);
    drift->edits.erase(flow.flow_id);
  }
}

}  // namespace

StatusStore::StatusStore(Time started, std::chrono::milliseconds unhealthy_after) {
  status_.started = started;
  status_.unhealthy_after = unhealthy_after;
}

DaemonStatus StatusStore::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

bool StatusStore::concerns(const std::string& repository, const std::string& branch) const {
  const std::lock_guard lock(mutex_);
  const bool is_default = std::any_of(status_.mirrors.begin(), status_.mirrors.end(), [&](const MirrorStatus& one) {
    return one.repository == repository && one.default_branch == branch;
  });
  return is_default ||
         std::any_of(status_.environments.begin(), status_.environments.end(), [&](const EnvironmentStatus& one) {
           return one.id.repository == repository && (one.branch.empty() || one.branch == branch);
         });
}

void StatusStore::configure(const std::vector<EnvironmentId>& environments, std::chrono::milliseconds unhealthy_after,
                            const std::map<std::string, std::string>& commit_pages) {
  const std::lock_guard lock(mutex_);
  ++status_.version;
  status_.unhealthy_after = unhealthy_after;
  std::map<std::string, int> names;
  for (const EnvironmentId& id : environments) ++names[id.environment];
  std::vector<EnvironmentStatus> before = std::move(status_.environments);
  std::vector<MirrorStatus> mirrors_before = std::move(status_.mirrors);
  status_.environments.clear();
  status_.mirrors.clear();
  std::set<std::string> repositories;
  for (const EnvironmentId& id : environments) {
    const auto known = std::find_if(before.begin(), before.end(), [&](const auto& one) { return one.id == id; });
    EnvironmentStatus environment = known == before.end() ? EnvironmentStatus{} : std::move(*known);
    environment.id = id;
    environment.key = names[id.environment] == 1 ? id.environment : id.repository + "." + id.environment;
    const auto pages = commit_pages.find(id.repository);
    environment.commit_pages = pages == commit_pages.end() ? std::string() : pages->second;
    status_.environments.push_back(std::move(environment));
    if (!repositories.insert(id.repository).second) continue;
    const auto mirror = std::find_if(mirrors_before.begin(), mirrors_before.end(),
                                     [&](const auto& one) { return one.repository == id.repository; });
    status_.mirrors.push_back(mirror == mirrors_before.end() ? MirrorStatus{} : std::move(*mirror));
    status_.mirrors.back().repository = id.repository;
  }
}

void StatusStore::stopping() {
  const std::lock_guard lock(mutex_);
  ++status_.version;
  status_.stopping = true;
}

MirrorStatus* StatusStore::mirror(const std::string& repository) {
  const auto found = std::find_if(status_.mirrors.begin(), status_.mirrors.end(),
                                  [&](const MirrorStatus& one) { return one.repository == repository; });
  return found == status_.mirrors.end() ? nullptr : &*found;
}

void StatusStore::fetched(const std::string& repository, Time now) {
  const std::lock_guard lock(mutex_);
  MirrorStatus* known = mirror(repository);
  if (known == nullptr) return;
  if (!known->reachable || !known->since) {
    ++status_.version;
    known->since = now;
  }
  known->reachable = true;
  known->failure.clear();
  known->last_fetch = now;
  ++known->fetches;
}

void StatusStore::fetch_failed(const std::string& repository, const std::string& why, Time now) {
  const std::lock_guard lock(mutex_);
  MirrorStatus* known = mirror(repository);
  if (known == nullptr) return;
  ++status_.version;
  if (known->reachable || !known->since) known->since = now;
  known->reachable = false;
  known->failure = check::with_message_masked(why);
  ++known->failed_fetches;
}

void StatusStore::change(const EnvironmentId& id, const std::function<void(EnvironmentStatus&)>& change) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(status_.environments.begin(), status_.environments.end(),
                                  [&](const EnvironmentStatus& one) { return one.id == id; });
  if (found == status_.environments.end()) return;
  ++status_.version;
  change(*found);
}

void StatusStore::default_branch_known(const std::string& repository, const std::string& branch) {
  const std::lock_guard lock(mutex_);
  if (MirrorStatus* known = mirror(repository)) known->default_branch = branch;
}

void StatusStore::branch_mapped(const EnvironmentId& id, const BranchMapping& mapping, Time now) {
  change(id, [&](EnvironmentStatus& environment) {
    const bool was_fault = environment.failing_since && environment.failure == environment.not_followed;
    environment.branch = mapping.branch;
    environment.not_followed = mapping.why_not;
    if (mapping.is_fault) {
      if (!environment.failing_since) environment.failing_since = now;
      environment.failure = mapping.why_not;
    } else if (was_fault) {
      environment.failing_since.reset();
      environment.failure.clear();
    }
  });
}

void StatusStore::ledger_read(const EnvironmentId& id, const std::optional<Deployed>& deployed,
                              std::vector<FinishedJob> recent) {
  change(id, [&](EnvironmentStatus& environment) {
    if (!environment.recent.empty()) return;
    environment.deployed = deployed;
    if (deployed) environment.last_success = deployed->time;
    environment.recent = std::move(recent);
  });
}

void StatusStore::job_waiting(const EnvironmentId& id, const std::optional<WaitingJob>& job) {
  change(id, [&](EnvironmentStatus& environment) { environment.waiting = job; });
}

void StatusStore::job_started(const EnvironmentId& id, const RunningJob& job) {
  change(id, [&](EnvironmentStatus& environment) {
    environment.running = job;
    environment.waiting.reset();
  });
}

void StatusStore::job_progressed(const EnvironmentId& id, const std::function<void(RunningJob&)>& change_job) {
  change(id, [&](EnvironmentStatus& environment) {
    if (environment.running) change_job(*environment.running);
  });
}

void StatusStore::job_ended(const EnvironmentId& id, const FinishedJob& job, const std::optional<Deployed>& deployed,
                            const std::string& project_id) {
  change(id, [&](EnvironmentStatus& environment) {
    environment.running.reset();
    count(environment.tally, job);
    if (deployed) {
      const bool same = environment.deployed && environment.deployed->record == deployed->record;
      const std::string by = same ? environment.deployed->job : deployed->job;
      environment.deployed = deployed;
      environment.deployed->job = by;
    }
    if (job.left_behind) environment.left_behind = *job.left_behind;
    if (!project_id.empty()) environment.project_id = project_id;
    if (!job.chosen.empty()) {
      // Says nothing about the commit as a whole.
      forget_restored(job, environment.drift);
    } else if (job.outcome == JobOutcome::deployed || job.outcome == JobOutcome::unchanged) {
      environment.level_with = job.commit;
      environment.last_success = job.finished;
      environment.failing_since.reset();
      environment.failure.clear();
    } else if (is_failure(job.outcome)) {
      if (!environment.failing_since) environment.failing_since = job.finished;
      environment.failure = why(job);
    }
    const bool is_news = job.outcome != JobOutcome::unchanged && job.outcome != JobOutcome::held &&
                         job.outcome != JobOutcome::superseded;
    if (!is_news) return;
    add_recent(environment.recent, job);
  });
}

void StatusStore::drift_checked(const EnvironmentId& id, const DriftReport& report) {
  change(id, [&](EnvironmentStatus& environment) {
    ++environment.tally.drift_checks;
    environment.drift = report;
    if (report.error.empty()) environment.left_behind = report.left_behind;
  });
}

void StatusStore::delivered(const std::string& forge, const std::string& outcome) {
  const std::lock_guard lock(mutex_);
  ++status_.deliveries[{forge, outcome}];
}

void StatusStore::notice_sent() {
  const std::lock_guard lock(mutex_);
  ++status_.notices_sent;
}

void StatusStore::notice_lost() {
  const std::lock_guard lock(mutex_);
  ++status_.notices_lost;
}

}  // namespace flowship::daemon
