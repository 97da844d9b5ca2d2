#include "deploy/pipeline.hpp"

#include "base/error.hpp"
#include "deploy/deployer.hpp"
#include "deploy/planning.hpp"
#include "deploy/settlement.hpp"
#include "flow/compare.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

api::ServiceOptions service_options(const Connection& connection, api::Credentials credentials,
                                    const Surroundings& surroundings) {
  api::ServiceOptions options;
  options.http.base_url = connection.base_url;
  if (options.http.base_url.empty()) {
    options.http.base_url =
        surroundings.variables("DESCOPE_BASE_URL").value_or(api::default_base_url(credentials.project_id));
  }
  options.http.connect_limit = connection.connect_limit;
  options.http.request_limit = connection.request_limit;
  options.http.ca_file = connection.ca_file;
  options.credentials = std::move(credentials);
  options.retry = connection.retry;
  options.on_pause = [&progress = surroundings.progress](const std::string& why) { progress.waiting(why); };
  return options;
}

PlanInputs plan_inputs(const Workspace& workspace, std::optional<LedgerEntry> head, std::string project_id,
                       const std::vector<std::string>& flows) {
  return {.repository = workspace.repository,
          .revision = workspace.revision,
          .config = workspace.config,
          .environment = workspace.environment,
          .ledger = workspace.ledger,
          .head = std::move(head),
          .project_id = std::move(project_id),
          .flows = flows};
}

bool has_errors(const Plan& plan) { return check::count(plan.findings).errors > 0; }

/// One deployment, from the ledger's head to its result.
class Deploying {
 public:
  Deploying(const Workspace& workspace, const DeployOptions& options, const Surroundings& surroundings)
      : workspace_(workspace),
        options_(options),
        surroundings_(surroundings),
        credentials_(resolve_credentials(workspace.environment, surroundings.variables, options.connection.key_file)),
        service_(service_options(options.connection, credentials_, surroundings), surroundings.clock,
                 surroundings.stop),
        head_(workspace.ledger.head()) {}

  DeployResult run() {
    refuse_other_project();
    settle_interrupted();
    Plan plan = make_plan(plan_inputs(workspace_, head_, credentials_.project_id, options_.flows));
    if (has_errors(plan)) return {.plan = std::move(plan), .deployment = {}};
    Deployment deployment = begin(plan);
    if (!plan.has_something_to_send()) {
      move_on(plan, deployment);
    } else {
      const LedgerEntry intent = append_intent(plan);
      const Execution execution =
          carry_out(plan, service_, options_.concurrency, surroundings_.stop, surroundings_.progress);
      deployment.record = append_result(intent, plan, execution).commit;
      deployment.credentials_refused = execution.credentials_refused;
      for (const Execution::Step& step : execution.steps) deployment.flows.push_back(step.result);
    }
    if (surroundings_.stop.requested()) deployment.stopped_by = surroundings_.stop.signal();
    return {.plan = std::move(plan), .deployment = std::move(deployment)};
  }

 private:
  void refuse_other_project() const {
    if (!head_ || head_->record.project_id == credentials_.project_id) return;
    throw Error("the ledger of `" + workspace_.environment.name + "` tells what is deployed in project " +
                    head_->record.project_id + ", but the project is now " + credentials_.project_id,
                "give the other project an environment of its own, or correct the project id");
  }

  void settle_interrupted() {
    if (!head_ || head_->record.kind == RecordKind::result) return;
    const Record& intent = head_->record;
    if (!is_over(intent, options_.lock_timeout, surroundings_.clock.now())) {
      throw Error("another deployment holds `" + workspace_.environment.name + "`: " + holder_text(intent),
                  "wait until it is done; one of another machine counts as dead after --lock-timeout", Fault::held);
    }
    warnings_.push_back("took over an interrupted deployment of " + holder_text(intent));
    head_ = settle(*head_, workspace_.ledger, workspace_.repository, service_, surroundings_.clock);
    settled_ = head_->commit;
  }

  Deployment begin(const Plan& plan) const {
    Deployment deployment;
    deployment.environment = plan.environment;
    deployment.project_id = credentials_.project_id;
    deployment.target = plan.target;
    deployment.record = settled_;
    deployment.unchanged = plan.unchanged;
    deployment.warnings = warnings_;
    deployment.warnings.insert(deployment.warnings.end(), plan.warnings.begin(), plan.warnings.end());
    return deployment;
  }

  /// The new record's part that stands before anything is sent.
  Record new_record(const Plan& plan) const {
    Record record;
    record.environment = plan.environment;
    record.project_id = credentials_.project_id;
    record.target = plan.target;
    record.started = surroundings_.clock.now();
    record.holder = this_process();
    record.sources = sources_to_record(plan);
    record.overrides = workspace_.environment.overrides;
    if (head_) {
      record.total = head_->record.total;
      record.unsettled = head_->record.unsettled;
    }
    for (const Change& change : plan.left_out) note_old_overrides(record, change);
    for (const Change& change : plan.changes) {
      if (change.action == Action::remove) note_old_overrides(record, change);
    }
    return record;
  }

  /// Where flows are looked for. As long as flows outside of that are still deployed, it stays what it was, so that the
  /// next plan looks at everything and shows them again.
  std::vector<std::string> sources_to_record(const Plan& plan) const {
    const flow::Scope scope{.sources = workspace_.config.sources, .known = {}};
    const auto is_outside = [&](const Change& change) {
      return change.action == Action::remove &&
             !std::all_of(change.paths.begin(), change.paths.end(),
                          [&](const std::string& path) { return scope.covers(path); });
    };
    const bool some_outside = std::any_of(plan.changes.begin(), plan.changes.end(), is_outside) ||
                              std::any_of(plan.left_out.begin(), plan.left_out.end(), is_outside);
    return some_outside ? head_->record.sources : workspace_.config.sources;
  }

  bool overrides_changed() const { return head_ && head_->record.overrides != workspace_.environment.overrides; }

  /// A flow that stays as it was sent with the overrides of before: the record's no longer tell how that was.
  void note_old_overrides(Record& record, const Change& change) const {
    if (!overrides_changed() || !change.before || record.unsettled.contains(change.flow_id)) return;
    record.unsettled[change.flow_id] = {.payload = flow::digest(*change.before), .paths = change.deployed_paths};
  }

  /// Nothing to send. Where files differ in form alone, the ledger moves on to them.
  void move_on(const Plan& plan, Deployment& deployment) const {
    if (plan.reformatted.empty()) return;
    Record record = new_record(plan);
    record.finished = record.started;
    LedgerChange change;
    for (const Reformatted& flow : plan.reformatted) change.deploy(flow.source, flow.deployed_paths);
    deployment.record = workspace_.ledger.append(head_, record, change).commit;
  }

  LedgerEntry append_intent(const Plan& plan) const {
    Record record = new_record(plan);
    record.kind = RecordKind::intent;
    LedgerChange ledger_change;
    for (const Change& change : plan.changes) {
      if (change.action == Action::remove) continue;
      record.flows.push_back({.flow_id = change.flow_id,
                              .action = change.action,
                              .reason = change.reason,
                              .outcome = {},
                              .attempts = 0,
                              .error = {},
                              .payload = change.digest,
                              .paths = change.paths,
                              .deployed_paths = change.deployed_paths});
      ledger_change.intend(change.flow->source);
    }
    return workspace_.ledger.append(head_, record, ledger_change);
  }

  LedgerEntry append_result(const LedgerEntry& intent, const Plan& plan, const Execution& execution) const {
    Record record = intent.record;
    record.kind = RecordKind::result;
    record.finished = surroundings_.clock.now();
    LedgerChange ledger_change;
    for (std::size_t number = 0; number < execution.steps.size(); ++number) {
      const Execution::Step& step = execution.steps[number];
      const auto change = std::find_if(plan.changes.begin(), plan.changes.end(), [&](const Change& candidate) {
        return candidate.flow_id == step.result.flow_id;
      });
      FlowRecord& flow = record.flows[number];
      flow.outcome = step.result.outcome;
      flow.attempts = step.result.attempts;
      flow.error = step.result.error;
      flow.deployed_paths.clear();
      if (step.result.outcome == FlowOutcome::deployed) {
        ledger_change.deploy(change->flow->source, change->deployed_paths);
        record.unsettled.erase(flow.flow_id);
        if (change->action == Action::create) ++record.total;
      } else if (step.unknown) {
        record.unsettled[flow.flow_id] = {.payload = {}, .paths = change->deployed_paths};
      } else {
        note_old_overrides(record, *change);
      }
    }
    for (const Reformatted& flow : plan.reformatted) ledger_change.deploy(flow.source, flow.deployed_paths);
    return workspace_.ledger.append(intent, record, ledger_change);
  }

  const Workspace& workspace_;
  const DeployOptions& options_;
  const Surroundings& surroundings_;
  api::Credentials credentials_;
  api::Service service_;
  std::optional<LedgerEntry> head_;
  /// The record of the interrupted deployment that was settled first.
  std::optional<git::ObjectId> settled_;
  std::vector<std::string> warnings_;
};

}  // namespace

Workspace::Workspace(const git::Repository& of, git::Revision from, const std::optional<std::string>& config_file,
                     const std::string& environment_name)
    : repository(of),
      revision(std::move(from)),
      config(load_config(revision, config_file)),
      environment(config.environment(environment_name)),
      ledger(repository, environment) {}

Plan plan(const Workspace& workspace, const std::vector<std::string>& flows, const Variables& variables) {
  return make_plan(
      plan_inputs(workspace, workspace.ledger.head(), project_id_of(workspace.environment, variables), flows));
}

DeployResult deploy(const Workspace& workspace, const DeployOptions& options, const Surroundings& surroundings) {
  return Deploying(workspace, options, surroundings).run();
}

std::vector<PastDeployment> history(const Ledger& ledger) {
  std::vector<PastDeployment> deployments;
  for (const LedgerEntry& entry : ledger.entries()) {
    const Record& record = entry.record;
    // An intent with a result behind it has become that result.
    if (record.kind == RecordKind::intent && !deployments.empty()) continue;
    PastDeployment past;
    past.record = entry.commit;
    past.target = record.target;
    past.time = record.finished.value_or(record.started);
    past.unfinished = record.kind == RecordKind::intent;
    for (const FlowRecord& flow : record.flows) {
      past.flows.push_back({.flow_id = flow.flow_id,
                            .action = flow.action,
                            .outcome = flow.outcome.value_or(FlowOutcome::skipped),
                            .attempts = flow.attempts,
                            .error = flow.error,
                            .hint = {},
                            .paths = flow.paths});
    }
    deployments.push_back(std::move(past));
  }
  return deployments;
}

}  // namespace flowship::deploy
