#include "deploy/pipeline.hpp"

#include "base/error.hpp"
#include "base/printable.hpp"
#include "deploy/deployer.hpp"
#include "deploy/planning.hpp"
#include "deploy/pruning.hpp"
#include "deploy/restoring.hpp"
#include "deploy/saved_plan.hpp"
#include "deploy/settlement.hpp"
#include "deploy/survey.hpp"
#include "flow/compare.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

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
  Deploying(Workspace& workspace, const DeployOptions& options, const Surroundings& surroundings)
      : workspace_(workspace),
        options_(options),
        surroundings_(surroundings),
        credentials_(resolve_credentials(workspace.environment, surroundings.variables, options.connection.key_file)),
        service_(service_options(options.connection, credentials_, surroundings), surroundings.clock,
                 surroundings.stop) {
    workspace_.ledger.fetch();
    head_ = workspace_.ledger.head();
  }

  DeployResult run() {
    refuse_other_project();
    if (policy() == OnDrift::adopt) {
      throw usage_error("taking drift over into the working tree (`adopt`) is not there yet",
                        "use fail, skip or overwrite");
    }
    settle_interrupted();
    Plan plan = make_plan(plan_inputs(workspace_, head_, credentials_.project_id, options_.flows));
    if (!options_.saved_plan.empty()) expect_same(plan, options_.saved_plan);
    if (has_errors(plan)) return {.plan = std::move(plan), .deployment = {}};
    Deployment deployment = begin(plan);
    CarryOutOptions carry = how_to_carry_out(plan, deployment);
    if (!plan.has_something_to_send() && carry.removals.empty()) {
      move_on(plan, deployment);
    } else if (policy() == OnDrift::fail && tell_drift(plan, carry, deployment)) {
      return {.plan = std::move(plan), .deployment = std::move(deployment)};
    } else {
      const LedgerEntry intent = append_intent(plan, carry);
      Execution execution = carry_out(plan, service_, carry, surroundings_.stop, surroundings_.progress);
      if (options_.atomic) put_back_if_failed(execution, carry, service_);
      deployment.record = append_result(intent, plan, carry, execution).commit;
      conclude(execution, deployment);
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

  OnDrift policy() const { return options_.on_drift.value_or(workspace_.environment.on_drift); }

  /// Which removals are carried out, and what the service holds of the flows that are about to change.
  CarryOutOptions how_to_carry_out(const Plan& plan, Deployment& deployment) {
    CarryOutOptions carry{.concurrency = options_.concurrency,
                          .read_back = options_.read_back,
                          .sightings = {},
                          .stop_at_failure = options_.atomic,
                          .skip_drifted = policy() == OnDrift::skip,
                          .removals = {}};
    const Environment& environment = workspace_.environment;
    if (options_.prune.value_or(environment.prune)) {
      Pruning pruning = choose_removals(plan, environment, options_.max_deletes.value_or(environment.max_deletes));
      carry.removals = std::move(pruning.removals);
      for (std::string& why : pruning.kept) deployment.warnings.push_back(std::move(why));
    }
    std::vector<const Change*> looked_at;
    for (const Change& change : plan.changes) {
      const bool removed = carry.removals.contains(change.flow_id);
      if (removed || (options_.read_back && change.action != Action::remove)) looked_at.push_back(&change);
    }
    carry.sightings = survey(looked_at, workspace_.ledger, head_, service_, options_.concurrency);
    return carry;
  }

  /// Whether drift was found; then what was found is told, and nothing is sent.
  static bool tell_drift(const Plan& plan, const CarryOutOptions& carry, Deployment& deployment) {
    for (const Change& change : plan.changes) {
      const auto found = carry.sightings.find(change.flow_id);
      const bool drifted = found != carry.sightings.end() && found->second.state == Sighting::State::drifted;
      if (change.action == Action::remove && !carry.removals.contains(change.flow_id)) continue;
      deployment.drifted = deployment.drifted || drifted;
      deployment.flows.push_back(
          {.flow_id = change.flow_id,
           .action = change.action,
           .outcome = drifted ? FlowOutcome::drifted : FlowOutcome::skipped,
           .attempts = 0,
           .error = drifted ? drift_text(found->second) : "not sent, since another flow of the plan has drifted",
           .hint = drifted ? "take the edit over into the repository, or send over it with --on-drift overwrite" : "",
           .paths = change.paths});
    }
    if (!deployment.drifted) deployment.flows.clear();
    return deployment.drifted;
  }

  static void conclude(const Execution& execution, Deployment& deployment) {
    deployment.credentials_refused = execution.credentials_refused;
    for (const Execution::Step& step : execution.steps) {
      deployment.flows.push_back(step.result);
      deployment.drifted = deployment.drifted || step.result.outcome == FlowOutcome::drifted;
      deployment.warnings.insert(deployment.warnings.end(), step.warnings.begin(), step.warnings.end());
    }
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

  LedgerEntry append_intent(const Plan& plan, const CarryOutOptions& carry) const {
    Record record = new_record(plan);
    record.kind = RecordKind::intent;
    LedgerChange ledger_change;
    for (const Change& change : plan.changes) {
      if (change.action == Action::remove && !carry.removals.contains(change.flow_id)) continue;
      record.flows.push_back({.flow_id = change.flow_id,
                              .action = change.action,
                              .reason = change.reason,
                              .outcome = {},
                              .attempts = 0,
                              .error = {},
                              .payload = change.digest,
                              .paths = change.paths,
                              .deployed_paths = change.deployed_paths});
      if (change.flow) ledger_change.intend(change.flow->source);
    }
    return workspace_.ledger.append(head_, record, ledger_change);
  }

  LedgerEntry append_result(const LedgerEntry& intent, const Plan& plan, const CarryOutOptions& carry,
                            const Execution& execution) const {
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
      if (step.result.outcome == FlowOutcome::restored) {
        ledger_change.set_after(flow.flow_id,
                                step.after.empty() ? git::ObjectId() : workspace_.repository.write_blob(step.after));
      } else if (step.result.outcome == FlowOutcome::deployed) {
        record_deployed(*change, step, carry, record, ledger_change);
      } else if (step.unknown) {
        record.unsettled[flow.flow_id] = {.payload = {}, .paths = change->deployed_paths};
      } else {
        note_old_overrides(record, *change);
      }
    }
    for (const Reformatted& flow : plan.reformatted) ledger_change.deploy(flow.source, flow.deployed_paths);
    return workspace_.ledger.append(intent, record, ledger_change);
  }

  void record_deployed(const Change& change, const Execution::Step& step, const CarryOutOptions& carry, Record& record,
                       LedgerChange& ledger_change) const {
    const git::Repository& repository = workspace_.repository;
    record.unsettled.erase(change.flow_id);
    if (change.action == Action::create) ++record.total;
    if (change.action == Action::remove) {
      --record.total;
      ledger_change.remove(change.deployed_paths);
    } else {
      ledger_change.deploy(change.flow->source, change.deployed_paths);
    }
    ledger_change.set_after(change.flow_id, step.after.empty() ? git::ObjectId() : repository.write_blob(step.after));
    const auto sighting = carry.sightings.find(change.flow_id);
    if (step.result.attempts > 0 && sighting != carry.sightings.end() && sighting->second.held) {
      ledger_change.set_before(change.flow_id, repository.write_blob(sighting->second.held->text));
    }
  }

  Workspace& workspace_;
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

Workspace::Workspace(const git::Repository& of, git::Revision from, const std::optional<std::string>& config_file,
                     const std::string& environment_name)
    : repository(of),
      revision(from),
      config(load_config(revision, config_file)),
      environment(config.environments.at(config.environment(environment_name).name)),
      ledger(repository, environment) {}

void Workspace::use_deployed(const LedgerEntry& entry, Overrides overrides) {
  const std::optional<git::ObjectId> commit = git::ObjectId::from_hex(entry.record.target);
  revision = git::Revision::of_tree(repository, ledger.deployed(entry), commit.value_or(entry.commit));
  config.sources = entry.record.sources;
  if (overrides == Overrides::of_entry) environment.overrides = entry.record.overrides;
}

Plan plan(Workspace& workspace, const std::vector<std::string>& flows, const Variables& variables) {
  std::string unreachable;
  try {
    workspace.ledger.fetch();
  } catch (const Error& error) {
    unreachable = "the ledger could not be fetched, so this is by what was last known here: " + error.message();
  }
  Plan plan = make_plan(
      plan_inputs(workspace, workspace.ledger.head(), project_id_of(workspace.environment, variables), flows));
  if (!unreachable.empty()) plan.warnings.push_back(std::move(unreachable));
  return plan;
}

DeployResult deploy(Workspace& workspace, const DeployOptions& options, const Surroundings& surroundings) {
  return Deploying(workspace, options, surroundings).run();
}

LedgerEntry find_record(const Ledger& ledger, const std::string& name) {
  std::vector<LedgerEntry> results;
  for (LedgerEntry& entry : ledger.entries()) {
    if (entry.record.kind == RecordKind::result) results.push_back(std::move(entry));
  }
  if (name.empty()) {
    if (results.size() < 2) throw usage_error("there is no deployment before the last", "see `flowship history`");
    return results[1];
  }
  const LedgerEntry* found = nullptr;
  constexpr std::size_t kShortest = 4;
  for (const LedgerEntry& entry : results) {
    if (name.size() < kShortest || !entry.commit.hex().starts_with(name)) continue;
    if (found != nullptr) throw usage_error("`" + printable(name) + "` is the beginning of several records");
    found = &entry;
  }
  if (found == nullptr) {
    throw usage_error("there is no record `" + printable(name) + "`", "`flowship history` lists them");
  }
  return *found;
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
