#include "daemon/jobs/job.hpp"

#include "base/error.hpp"
#include "base/text/pluralize.hpp"
#include "check/rules/secrets.hpp"
#include "daemon/jobs/job_workspace.hpp"
#include "deploy/apply/pushed.hpp"
#include "deploy/apply/status.hpp"
#include "deploy/guarantees/guarantee_changes.hpp"
#include "deploy/lease/lease_watch.hpp"
#include "deploy/lease/result_sharing.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/plan/diff.hpp"
#include "git/branch.hpp"
#include "git/remote/transport.hpp"
#include "git/repository.hpp"
#include "git/revision.hpp"
#include "report/causes.hpp"
#include "report/text/sentence.hpp"

#include <algorithm>
#include <exception>

namespace flowship::daemon {

namespace {

constexpr std::size_t kMostFindings = 50;

/// Who holds the environment, by what is known of the ledger.
std::optional<std::string> holder_in(const JobWorkspace& opened) {
  const std::optional<deploy::LedgerEntry> head = opened.workspace.ledger.head();
  if (!head || head->record.phase != deploy::Phase::intent) return std::nullopt;
  if (deploy::is_abandoned(opened.repository, opened.workspace.ledger, *head, opened.options().lease)) {
    return std::nullopt;
  }
  return deploy::holder_text(head->record);
}

/// Of a deployment in the ledger: flows that were skipped or had drifted are no success.
JobOutcome recorded_outcome(const std::vector<deploy::FlowResult>& flows) {
  const auto has = [&](const auto& condition) { return std::any_of(flows.begin(), flows.end(), condition); };
  using Result = deploy::FlowResult;
  if (has([](const Result& flow) { return flow.outcome == deploy::FlowOutcome::drifted; })) return JobOutcome::drifted;
  return has([](const Result& flow) { return !is_done(flow.outcome); }) ? JobOutcome::partial : JobOutcome::deployed;
}

CommitLine commit_line(const git::Repository& repository, const std::string& target) {
  CommitLine line{.id = target, .subject = {}, .author = {}};
  const auto id = git::ObjectId::from_hex(target);
  if (!id) return line;
  try {
    const git::CommitFacts facts = repository.facts(*id);
    line.subject = check::with_message_masked(facts.subject);
    line.author = check::with_message_masked(facts.author);
  } catch (const Error&) {
    // The commit may be gone after a force push; its id is enough.
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
  const bool some = std::any_of(deployment.flows.begin(), deployment.flows.end(),
                                [](const deploy::FlowResult& flow) { return is_done(flow.outcome); });
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

void note_findings(const deploy::Plan& plan, FinishedJob& job) {
  job.outcome = JobOutcome::invalid;
  job.error = "validation found " + pluralize(check::count(plan.findings).errors, "error") + "; nothing was sent";
  job.hint = "fix the errors and push again";
  for (const report::Cause& cause : report::causes_of(plan.findings)) {
    if (cause.first->severity != check::Severity::error || job.findings.size() == kMostFindings) continue;
    job.findings.push_back(report::cause_line(cause) + " [" + cause.first->rule + "]");
  }
}

void note_superseded(const std::string& why, FinishedJob& job) {
  job.outcome = JobOutcome::superseded;
  job.error = "nothing was sent: " + why;
}

/// What was edited in the first flows, as sentences; bounded, since the status of all environments is kept in memory.
std::map<std::string, std::vector<std::string>> edits_of(const std::vector<deploy::Drift>& drift) {
  constexpr std::size_t kMostFlows = 20;
  constexpr std::size_t kMostSentences = 5;
  constexpr int kWidth = 60;
  std::map<std::string, std::vector<std::string>> edits;
  for (const deploy::Drift& flow : drift) {
    if (flow.edits.empty() || edits.size() == kMostFlows) continue;
    std::vector<std::string>& sentences = edits[flow.flow_id];
    for (const flow::Statement& statement : flow.edits) {
      if (sentences.size() == kMostSentences) {
        sentences.push_back("and " + pluralize(flow.edits.size() - kMostSentences, "further edit"));
        break;
      }
      sentences.push_back(report::sentence_text(statement, kWidth));
    }
  }
  return edits;
}

/// What is taken from guarantees, by flow.
std::vector<std::pair<std::string, std::string>> losses_in(const std::vector<deploy::GuaranteeChange>& changes) {
  std::vector<std::pair<std::string, std::string>> losses;
  for (const deploy::GuaranteeLoss& loss : deploy::losses_of(changes)) {
    if (losses.size() == kMostFindings) break;
    losses.emplace_back(loss.flow_id, check::with_secrets_masked(loss.sentence()));
  }
  return losses;
}

/// The same of a deployment in the ledger, by what was deployed before it and after it.
std::vector<std::pair<std::string, std::string>> recorded_losses(const JobWorkspace& opened,
                                                                 const deploy::LedgerEntry& entry) {
  const deploy::Ledger& ledger = opened.workspace.ledger;
  if (!entry.parent || !opened.repository.has(*entry.parent)) return {};
  const std::optional<deploy::LedgerEntry> before = deploy::last_result(ledger, ledger.entry(*entry.parent));
  if (!before || ledger.deployed(*before).is_zero() || ledger.deployed(entry).is_zero()) return {};
  // Where they differ, everything in the two trees counts.
  const bool has_same_sources = before->record.sources == entry.record.sources;
  const std::vector<std::string> sources = has_same_sources ? entry.record.sources : std::vector<std::string>();
  const auto tree_of = [&](const deploy::LedgerEntry& one) {
    return git::Revision::of_tree(opened.repository, ledger.deployed(one), one.commit);
  };
  return losses_in(deploy::diff(tree_of(*before), tree_of(entry), opened.workspace.config, sources).guarantees);
}

/// The newer tip of the branch that the mirror doesn't have yet. Only where others can have deployed it meanwhile.
std::optional<git::ObjectId> unfetched_tip(const JobWorkspace& opened, const std::string& branch) {
  if (!opened.workspace.ledger.is_shared()) return std::nullopt;
  const std::optional<git::ObjectId> tip = git::remote_ref(opened.repository, "origin", git::ref_of_branch(branch));
  return tip && !opened.repository.has(*tip) ? tip : std::nullopt;
}

/// Flows that somebody wanted restored, and that the commit no longer has.
void note_removed(const std::vector<std::string>& left_behind, const std::string& environment, FinishedJob& job) {
  const auto removed = std::find_first_of(job.chosen.begin(), job.chosen.end(), left_behind.begin(), left_behind.end());
  if (removed == job.chosen.end()) return;
  if (job.outcome == JobOutcome::unchanged) job.outcome = JobOutcome::drifted;
  job.error = "the repository no longer has `" + *removed + "`, so there is nothing to restore";
  job.hint = hint_on_removed(environment, *removed);
}

void carry_out(JobWorkspace& opened, JobResult& result) {
  FinishedJob& job = result.job;
  result.project_id = opened.workspace.environment.project_id;
  if (const auto tip = unfetched_tip(opened, job.branch)) {
    note_superseded("`" + job.branch + "` is at " + tip->abbreviated() + " by now", job);
    return;
  }
  deploy::DeployOptions options = opened.options();
  if (!job.chosen.empty()) {
    options.request.flows = job.chosen;
    options.request.on_drift = deploy::OnDrift::overwrite;
  }
  deploy::DeployResult done = deploy::deploy(opened.workspace, options, opened.context());
  if (!done.deployment) {
    note_findings(done.plan, job);
    return;
  }
  job.outcome = outcome_of(*done.deployment, opened.job_context.stop);
  job.record = done.deployment->record ? done.deployment->record->hex() : "";
  job.flows = done.deployment->flows;
  job.unchanged = done.deployment->unchanged;
  job.warnings = done.deployment->warnings;
  job.losses = losses_in(done.plan.guarantees);
  if (!done.deployment->superseded.empty()) {
    note_superseded(done.deployment->superseded, job);
  } else if (job.chosen.empty()) {
    job.left_behind = done.deployment->left_behind;
  } else {
    note_removed(done.deployment->left_behind, opened.workspace.environment.name, job);
  }
  result.project_id = done.deployment->project_id;
  if (!done.deployment->unrecorded) return;
  result.is_unrecorded = true;
  job.error = done.deployment->unrecorded->message();
  job.hint = done.deployment->unrecorded->hint();
  result.is_kept = done.deployment->is_kept;
  done.deployment->unrecorded.reset();
  result.once_shared = outcome_of(*done.deployment, opened.job_context.stop);
}

void note_error(const Error& error, const StopSignal& stop, FinishedJob& job) {
  job.outcome = stop.requested() ? JobOutcome::stopped : outcome_of(error.fault());
  job.error = check::with_message_masked(error.message());
  job.hint = error.hint();
}

bool can_be_restored(const deploy::Drift& flow) {
  const bool is_known = flow.match != deploy::LiveMatch::unknown && flow.match != deploy::LiveMatch::foreign;
  return is_known && !flow.is_removed;
}

}  // namespace

std::optional<Destination> destination_of(const Target& target, const JobContext& job_context) {
  try {
    const auto in_use = job_context.mirror.in_use();
    const JobWorkspace opened(target, job_context);
    const deploy::Connection connection = opened.options().connection;
    const deploy::Context context = opened.context();
    const std::string project = deploy::credentials_of(opened.workspace, connection, context).project_id;
    return Destination{.address = context.addresses->at(deploy::base_url(connection, project, context)),
                       .shares_ledger = opened.workspace.ledger.is_shared()};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

JobResult run_job(const JobRequest& request, const JobContext& job_context) {
  JobResult result;
  result.job.commit = request.target.line();
  result.job.branch = request.target.branch;
  result.job.trigger = request.trigger;
  result.job.since = request.since;
  result.job.chosen = request.restores;
  try {
    const auto in_use = job_context.mirror.in_use();
    JobWorkspace opened(request.target, job_context);
    try {
      carry_out(opened, result);
    } catch (const Error& error) {
      note_error(error, job_context.stop, result.job);
      if (error.fault() == Fault::held) result.holder = holder_in(opened).value_or("another deployment");
    }
    const deploy::Ledger& ledger = opened.workspace.ledger;
    if (const auto entry = deploy::last_result(ledger, ledger.head())) {
      result.deployed = deployed_by(*entry, opened.repository);
    }
  } catch (const Error& error) {
    if (result.job.error.empty()) note_error(error, job_context.stop, result.job);
  } catch (const std::exception& error) {
    result.job.outcome = JobOutcome::failed;
    result.job.error = std::string("unexpected error: ") + error.what();
  }
  return result;
}

bool share_kept(const Target& target, const JobContext& job_context, JobResult& result) {
  FinishedJob& job = result.job;
  try {
    const auto in_use = job_context.mirror.in_use();
    JobWorkspace opened(target, job_context);
    deploy::Ledger& ledger = opened.workspace.ledger;
    ledger.set_git_limit(opened.options().connection.git_limit);
    ledger.fetch();
    for (const deploy::SharedResult& shared :
         deploy::share_pending(ledger, opened.repository, job_context.clock, &job_context.stop)) {
      if (shared.how == deploy::Sharing::pending) return false;
      job.record = shared.record ? shared.record->hex() : "";
      job.error = "the lease was lost to another deployment; what this one had sent is recorded as unsettled";
      job.hint = "the next attempt asks the service first, and sends only what is missing";
      result.is_unrecorded = false;
      if (shared.how != deploy::Sharing::appended) continue;
      job.outcome = result.once_shared;
      job.error.clear();
      job.hint.clear();
    }
    result.is_kept = false;
    if (const auto entry = deploy::last_result(ledger, ledger.head())) {
      result.deployed = deployed_by(*entry, opened.repository);
    }
    return true;
  } catch (const std::exception&) {
    // The job's error says why it could not be shared first.
    return false;
  }
}

std::optional<std::string> lease_holder(const Target& target, const JobContext& job_context) {
  try {
    const auto in_use = job_context.mirror.in_use();
    JobWorkspace opened(target, job_context);
    opened.workspace.ledger.fetch();
    return holder_in(opened);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

LedgerFacts read_ledger(const Target& target, const JobContext& job_context) {
  LedgerFacts facts;
  try {
    const auto in_use = job_context.mirror.in_use();
    const JobWorkspace opened(target, job_context);
    const deploy::Ledger& ledger = opened.workspace.ledger;
    const std::optional<deploy::LedgerEntry> newest = deploy::last_result(ledger, ledger.head());
    if (!newest) return facts;
    facts.deployed = deployed_by(*newest, opened.repository);
    std::optional<git::ObjectId> at = newest->commit;
    while (at && facts.recent.size() < kRecentJobs && opened.repository.has(*at)) {
      const deploy::LedgerEntry entry = ledger.entry(*at);
      at = entry.parent;
      if (entry.record.phase == deploy::Phase::intent) continue;
      FinishedJob past;
      past.commit = commit_line(opened.repository, entry.record.target);
      past.record = entry.commit.hex();
      past.since = past.started = entry.record.started;
      past.finished = entry.record.finished.value_or(entry.record.started);
      past.flows = ledger.flows(entry);
      past.outcome = recorded_outcome(past.flows);
      facts.recent.push_back(std::move(past));
    }
    facts.recent.front().losses = recorded_losses(opened, *newest);
  } catch (const std::exception&) {
    // The job that follows reports the same error.
  }
  return facts;
}

DriftReport check_drift(const Target& target, const JobContext& job_context) {
  DriftReport report;
  report.checked = job_context.clock.now();
  try {
    const auto in_use = job_context.mirror.in_use();
    JobWorkspace opened(target, job_context);
    deploy::DeployOptions options = opened.options();
    // A drift check must not delay jobs.
    options.connection.retry.most_attempts = 2;
    options.connection.retry.longest_wait = std::chrono::seconds(10);
    options.connection.urgency = api::Urgency::drift_check;
    const deploy::Status status = deploy::status(opened.workspace, options, opened.context(), deploy::Ask::service);
    for (const deploy::FlowStatus& flow : status.flows) {
      if (flow.state == deploy::FlowState::drifted) report.drifted.push_back(flow.flow_id);
      if (flow.state == deploy::FlowState::missing) report.missing.push_back(flow.flow_id);
      if (flow.state == deploy::FlowState::unmanaged) report.unmanaged.push_back(flow.flow_id);
      if (flow.state == deploy::FlowState::unknown) report.unknown.push_back(flow.flow_id);
    }
    report.left_behind = status.left_behind;
    report.edits = edits_of(status.drift);
    report.on_drift = opened.workspace.environment.on_drift;
    report.can_restore = std::any_of(status.drift.begin(), status.drift.end(), can_be_restored);
  } catch (const Error& error) {
    report.error = check::with_message_masked(error.message());
  } catch (const std::exception& error) {
    report.error = std::string("unexpected error: ") + error.what();
  }
  return report;
}

}  // namespace flowship::daemon
