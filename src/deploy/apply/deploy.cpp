#include "deploy/apply/deploy.hpp"

#include "base/error.hpp"
#include "deploy/apply/apply.hpp"
#include "deploy/apply/atomic_undo.hpp"
#include "deploy/ledger/recorder.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/planner.hpp"
#include "deploy/plan/pruning.hpp"
#include "deploy/plan/saved_plan.hpp"
#include "deploy/pull/adopt.hpp"
#include "deploy/recover/recovery.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

bool prunes(const DeployOptions& options, const Environment& environment) {
  if (options.saved_plan) return options.saved_plan->request.prune;
  return options.prune.value_or(environment.prune);
}

Error unrecorded(const Error& why) {
  return Error("what was sent could not be recorded: " + why.message(),
               "run the same command again: it asks the service what it holds, records that, and sends nothing twice");
}

bool has_errors(const Plan& plan) { return check::count(plan.findings).errors > 0; }

/// One deployment, from the ledger's head to its result.
class Deploying {
 public:
  Deploying(Workspace& workspace, const DeployOptions& options, const Context& context)
      : workspace_(workspace),
        options_(options),
        surroundings_(context),
        contact_(workspace, options.connection, context) {}

  DeployResult run() {
    if (policy() == OnDrift::adopt) expect_working_tree(workspace_);
    settle_what_is_open();
    Plan plan = make_plan(plan_inputs(workspace_, contact_.head, contact_.credentials.project_id, options_.flows));
    if (options_.saved_plan) expect_same(plan, *options_.saved_plan);
    if (has_errors(plan)) return {.plan = std::move(plan), .deployment = {}};
    Deployment deployment = begin(plan);
    CarryOutOptions carry = how_to_carry_out(plan, deployment);
    if (options_.saved_plan) expect_same_service(carry.sightings, *options_.saved_plan);
    const Recorder recorder(workspace_, contact_.head, contact_.credentials.project_id, surroundings_.clock);
    if (!plan.has_something_to_send() && carry.removals.empty()) {
      if (const std::optional<LedgerEntry> entry = recorder.move_on(plan)) deployment.record = entry->commit;
    } else if (stops_at_drift() && tell_drift(plan, carry, deployment)) {
      if (policy() == OnDrift::adopt) adopt(workspace_, contact_.head, plan, carry.sightings, deployment);
      return {.plan = std::move(plan), .deployment = std::move(deployment)};
    } else {
      const LedgerEntry intent = recorder.append_intent(plan, carry);
      Execution execution = carry_out(plan, contact_.service, carry, surroundings_.stop, surroundings_.progress);
      if (options_.atomic) put_back(execution, carry);
      conclude(execution, deployment);
      try {
        deployment.record = recorder.append_result(intent, plan, carry, execution).commit;
      } catch (const Error& error) {
        deployment.unrecorded = unrecorded(error);
      }
    }
    if (surroundings_.stop.requested()) deployment.stopped_by = surroundings_.stop.signal();
    return {.plan = std::move(plan), .deployment = std::move(deployment)};
  }

 private:
  /// A deployment that died, or one that could not ask what became of a flow, is ended first.
  void settle_what_is_open() {
    if (!contact_.head) return;
    if (contact_.head->record.phase == Phase::intent) {
      const Record& intent = contact_.head->record;
      if (!is_over(intent, options_.lock_timeout, surroundings_.clock.now())) {
        throw Error(
            "another deployment holds `" + workspace_.environment.name + "`: " + holder_text(intent),
            "wait until it is done; one of another machine counts as dead after --lock-timeout, and `flowship unlock` "
            "releases it at once",
            Fault::held);
      }
      warnings_.push_back("took over an interrupted deployment of " + holder_text(intent));
    } else if (!has_open_flows(*contact_.head, workspace_.ledger)) {
      return;
    }
    contact_.head =
        settle(*contact_.head, workspace_.ledger, workspace_.repository, contact_.service, surroundings_.clock);
    settled_ = contact_.head->commit;
  }

  bool stops_at_drift() const { return policy() == OnDrift::fail || policy() == OnDrift::adopt; }

  OnDrift policy() const {
    // A saved plan overwrites nothing that nobody has looked at.
    if (options_.saved_plan && !options_.saved_plan->held) return OnDrift::fail;
    return options_.on_drift.value_or(workspace_.environment.on_drift);
  }

  /// Whether the service is asked before anything is sent: also where what it says is needed later.
  bool looks_first() const { return options_.read_back || options_.atomic || options_.saved_plan; }

  /// Which removals are carried out, and what the service holds of the flows that are about to change.
  CarryOutOptions how_to_carry_out(const Plan& plan, Deployment& deployment) {
    CarryOutOptions carry{.concurrency = options_.concurrency,
                          .read_back = options_.read_back,
                          .sightings = {},
                          .stop_at_failure = options_.atomic,
                          .skip_drifted = policy() == OnDrift::skip,
                          .removals = {}};
    const Environment& environment = workspace_.environment;
    if (prunes(options_, environment)) {
      Pruning pruning = choose_removals(plan, environment, options_.max_deletes.value_or(environment.max_deletes));
      carry.removals = std::move(pruning.removals);
      for (std::string& why : pruning.kept) deployment.warnings.push_back(std::move(why));
    } else {
      for (const Change& change : plan.changes) {
        if (change.action != Action::remove) continue;
        deployment.warnings.push_back("`" + change.flow_id + "` is left on the service; --prune deletes it");
      }
    }
    std::vector<Subject> subjects;
    for (const Change& change : plan.changes) {
      const bool removed = carry.removals.contains(change.flow_id);
      if (removed || (looks_first() && change.action != Action::remove)) subjects.push_back(subject_of(change));
    }
    if (subjects.empty()) return carry;
    carry.sightings =
        survey(subjects, workspace_.ledger, contact_.head, contact_.service, options_.concurrency, Keep::held)
            .sightings;
    return carry;
  }

  /// Even after a stop: half a deployment is what must not be left. A second signal ends the process all the same.
  void put_back(Execution& execution, const CarryOutOptions& carry) const {
    const StopSignal none;
    api::Service service(service_options(options_.connection, contact_.credentials, surroundings_), surroundings_.clock,
                         none);
    put_back_if_failed(execution, carry, service);
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
           .error =
               drifted ? drift_text(found->second.differences) : "not sent, since another flow of the plan has drifted",
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
    deployment.project_id = contact_.credentials.project_id;
    deployment.target = plan.target;
    deployment.record = settled_;
    deployment.unchanged = plan.unchanged;
    deployment.warnings = warnings_;
    deployment.warnings.insert(deployment.warnings.end(), plan.warnings.begin(), plan.warnings.end());
    return deployment;
  }

  Workspace& workspace_;
  const DeployOptions& options_;
  const Context& surroundings_;
  Session contact_;
  /// The record of the interrupted deployment that was settled first.
  std::optional<git::ObjectId> settled_;
  std::vector<std::string> warnings_;
};

}  // namespace

DeployResult deploy(Workspace& workspace, const DeployOptions& options, const Context& context) {
  return Deploying(workspace, options, context).run();
}

}  // namespace flowship::deploy
