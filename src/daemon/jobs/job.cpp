#include "daemon/jobs/job.hpp"

#include "base/error.hpp"
#include "base/text/pluralize.hpp"
#include "deploy/apply/pushed.hpp"
#include "deploy/apply/status.hpp"
#include "deploy/ledger/history.hpp"
#include "git/repository.hpp"

#include <algorithm>
#include <exception>

namespace flowship::daemon {

namespace {

/// 429 is waited out for as long as it takes; a stop ends the wait.
constexpr std::chrono::hours kLongestWait{24};
constexpr std::size_t kMostFindings = 50;

/// What a repository must not decide for the machine that the daemon runs on.
void expect_ledger_at_home(const deploy::Environment& environment) {
  if (!environment.ledger_remote.empty() && environment.ledger_remote != "origin") {
    throw Error("the daemon shares a ledger with `origin` alone", "write \"ledger\": {\"remote\": \"origin\"}",
                Fault::invalid);
  }
  if (environment.ledger_ref.starts_with("refs/heads/")) {
    throw Error("a ledger can't be a branch of the mirror", "keep it under refs/flowship/", Fault::invalid);
  }
}

void expect_project(const deploy::Environment& environment, const EnvironmentConfig& config) {
  if (config.project_id.empty() || config.project_id == environment.project_id) return;
  throw Error("flowship.json deploys `" + environment.name + "` to project " +
                  (environment.project_id.empty() ? "(none)" : environment.project_id) +
                  ", but the operator lets it deploy to " + config.project_id + " alone",
              "correct `projectId` in one of the two", Fault::invalid);
}

/// A repository opened for one job, with what the commit says.
struct Workplace {
  Workplace(const Target& target, const JobSite& job_site)
      : site(job_site),
        repository(git::Repository::open(site.mirror.folder())),
        workspace(repository, git::Revision::of_commit(repository, target.commit), std::nullopt,
                  site.environment.name) {
    expect_ledger_at_home(workspace.environment);
    expect_project(workspace.environment, site.environment);
  }

  deploy::DeployOptions options() const {
    deploy::DeployOptions options;
    options.connection.base_url = site.environment.base_url;
    options.connection.key_file = site.environment.key_file;
    options.connection.ca_file = site.environment.ca_file;
    options.connection.retry.longest_wait = kLongestWait;
    // Nobody else writes a ledger that is kept here alone, so whoever began its last deployment is dead.
    if (!workspace.ledger.is_shared()) options.lock_timeout = std::chrono::milliseconds(0);
    return options;
  }

  deploy::Context context() const {
    return {.clock = site.clock,
            .stop = site.stop,
            .progress = site.progress,
            .variables = deploy::server_variables(site.environment.key_file, workspace.environment)};
  }

  const JobSite& site;
  git::Repository repository;
  deploy::Workspace workspace;
};

CommitLine commit_line(const git::Repository& repository, const std::string& target) {
  CommitLine line{.id = target, .subject = {}};
  const auto id = git::ObjectId::from_hex(target);
  if (!id) return line;
  try {
    line.subject = repository.facts(*id).subject;
  } catch (const Error&) {
    // The commit may have been rewritten away; its id still says what it was.
  }
  return line;
}

Deployed deployed_by(const deploy::LedgerEntry& entry, const git::Repository& repository) {
  return {.commit = commit_line(repository, entry.record.target),
          .time = entry.record.finished.value_or(entry.record.started),
          .record = entry.commit.hex(),
          .job = {},
          .flows = entry.record.total};
}

JobOutcome outcome_of(const deploy::Deployment& deployment, const StopSignal& stop) {
  if (deployment.credentials_refused) return JobOutcome::credentials;
  if (deployment.ok()) {
    return deployment.flows.empty() && !deployment.record ? JobOutcome::unchanged : JobOutcome::deployed;
  }
  if (deployment.unrecorded) return JobOutcome::failed;
  if (stop.requested()) return JobOutcome::stopped;
  if (deployment.drifted) return JobOutcome::drifted;
  const bool some = std::any_of(deployment.flows.begin(), deployment.flows.end(), [](const deploy::FlowResult& flow) {
    return flow.outcome == deploy::FlowOutcome::deployed;
  });
  return some ? JobOutcome::partial : JobOutcome::failed;
}

JobOutcome outcome_of(Fault fault) {
  switch (fault) {
    case Fault::invalid:
    case Fault::usage:
      return JobOutcome::invalid;
    case Fault::held:
      return JobOutcome::held;
    case Fault::credentials:
      return JobOutcome::credentials;
    case Fault::drifted:
      return JobOutcome::drifted;
    case Fault::interrupted:
    case Fault::terminated:
      return JobOutcome::stopped;
    case Fault::partial:
    case Fault::failed:
      return JobOutcome::failed;
  }
  return JobOutcome::failed;
}

void tell_findings(const deploy::Plan& plan, FinishedJob& job) {
  job.outcome = JobOutcome::invalid;
  job.error = "nothing was sent, since validation found " + pluralize(check::count(plan.findings).errors, "error");
  job.hint = "mend what is reported, and push again";
  for (const check::Finding& finding : plan.findings) {
    if (finding.severity != check::Severity::error || job.findings.size() == kMostFindings) continue;
    job.findings.push_back(finding.path + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column) +
                           ": " + finding.message + " [" + finding.rule + "]");
  }
}

void carry_out(Workplace& workplace, JobResult& result) {
  FinishedJob& job = result.job;
  result.project_id = workplace.workspace.environment.project_id;
  const deploy::DeployResult done = deploy::deploy(workplace.workspace, workplace.options(), workplace.context());
  if (!done.deployment) {
    tell_findings(done.plan, job);
    return;
  }
  job.outcome = outcome_of(*done.deployment, workplace.site.stop);
  job.record = done.deployment->record ? done.deployment->record->hex() : "";
  job.flows = done.deployment->flows;
  job.unchanged = done.deployment->unchanged;
  job.warnings = done.deployment->warnings;
  result.project_id = done.deployment->project_id;
  if (!done.deployment->unrecorded) return;
  job.error = done.deployment->unrecorded->message();
  job.hint = done.deployment->unrecorded->hint();
}

void note(const Error& error, const StopSignal& stop, FinishedJob& job) {
  job.outcome = stop.requested() ? JobOutcome::stopped : outcome_of(error.fault());
  job.error = error.message();
  job.hint = error.hint();
}

}  // namespace

JobResult run_job(const Order& order, const JobSite& site) {
  JobResult result;
  result.job.commit = {.id = order.target.commit.hex(), .subject = order.target.subject};
  result.job.branch = order.target.branch;
  result.job.trigger = order.trigger;
  result.job.since = order.since;
  try {
    const auto in_use = site.mirror.in_use();
    Workplace workplace(order.target, site);
    try {
      carry_out(workplace, result);
    } catch (const Error& error) {
      note(error, site.stop, result.job);
    }
    const deploy::Ledger& ledger = workplace.workspace.ledger;
    if (const auto entry = deploy::last_result(ledger, ledger.head())) {
      result.deployed = deployed_by(*entry, workplace.repository);
    }
  } catch (const Error& error) {
    if (result.job.error.empty()) note(error, site.stop, result.job);
  } catch (const std::exception& error) {
    result.job.outcome = JobOutcome::failed;
    result.job.error = std::string("unexpected: ") + error.what();
  }
  return result;
}

LedgerFacts read_ledger(const Target& target, const JobSite& site) {
  LedgerFacts facts;
  try {
    const auto in_use = site.mirror.in_use();
    const Workplace workplace(target, site);
    const deploy::Ledger& ledger = workplace.workspace.ledger;
    if (const auto entry = deploy::last_result(ledger, ledger.head()))
      facts.deployed = deployed_by(*entry, workplace.repository);
    std::optional<deploy::LedgerEntry> head = ledger.head();
    std::optional<git::ObjectId> at = head ? std::optional(head->commit) : std::nullopt;
    while (at && facts.recent.size() < kRecentJobs) {
      const deploy::LedgerEntry entry = ledger.entry(*at);
      at = entry.parent;
      if (entry.record.phase == deploy::Phase::intent) continue;
      FinishedJob past;
      past.commit = commit_line(workplace.repository, entry.record.target);
      past.record = entry.commit.hex();
      past.since = past.started = entry.record.started;
      past.finished = entry.record.finished.value_or(entry.record.started);
      past.flows = ledger.flows(entry);
      const bool failed = std::any_of(past.flows.begin(), past.flows.end(), [](const deploy::FlowResult& flow) {
        return flow.outcome == deploy::FlowOutcome::failed;
      });
      if (failed) past.outcome = JobOutcome::partial;
      facts.recent.push_back(std::move(past));
    }
  } catch (const Error&) {
    // The job that follows meets the same, and tells it.
  }
  return facts;
}

DriftReport look_for_drift(const Target& target, const JobSite& site) {
  DriftReport report;
  report.checked = site.clock.now();
  try {
    const auto in_use = site.mirror.in_use();
    Workplace workplace(target, site);
    deploy::DeployOptions options = workplace.options();
    // A look must not hold up jobs.
    options.connection.retry.most_attempts = 2;
    options.connection.retry.longest_wait = std::chrono::seconds(10);
    const deploy::Status status =
        deploy::status(workplace.workspace, options, workplace.context(), deploy::Ask::service);
    for (const deploy::FlowStatus& flow : status.flows) {
      if (flow.state == deploy::FlowState::drifted) report.drifted.push_back(flow.flow_id);
      if (flow.state == deploy::FlowState::missing) report.missing.push_back(flow.flow_id);
      if (flow.state == deploy::FlowState::unmanaged) report.unmanaged.push_back(flow.flow_id);
    }
  } catch (const Error& error) {
    report.error = error.message();
  } catch (const std::exception& error) {
    report.error = std::string("unexpected: ") + error.what();
  }
  return report;
}

}  // namespace flowship::daemon
