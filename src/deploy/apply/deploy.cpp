#include "deploy/apply/deploy.hpp"

#include "base/error.hpp"
#include "deploy/apply/apply.hpp"
#include "deploy/apply/atomic_undo.hpp"
#include "deploy/ledger/recorder.hpp"
#include "deploy/plan/decisions.hpp"
#include "deploy/plan/planner.hpp"
#include "deploy/pull/adopt.hpp"
#include "deploy/recover/recovery.hpp"

#include <utility>

namespace flowship::deploy {

namespace {

Error unrecorded(const Error& why) {
  return Error("what was sent could not be recorded: " + why.message(),
               "run the same command again: flowship queries the service, records the result, and sends nothing twice");
}

/// One deployment, from the ledger's head to its result.
class Deploying {
 public:
  Deploying(Workspace& workspace, const DeployOptions& options, const Context& context)
      : workspace_(workspace),
        options_(options),
        context_(context),
        session_(open_session(workspace, options.connection, context)) {}

  DeployResult run() {
    if (policy() == OnDrift::adopt) expect_working_tree(workspace_);
    recover_open_deployment();
    Plan plan = make_plan(workspace_, session_.head, session_.credentials.project_id, request());
    if (options_.saved_plan) expect_same(plan, *options_.saved_plan);
    if (check::count(plan.findings).errors > 0) return {.plan = std::move(plan), .deployment = {}};
    if (plan.refusal) throw *plan.refusal;
    add_live_state(plan);
    Deployment deployment = begin(plan);
    carry_out(plan, deployment);
    if (context_.stop.requested()) deployment.stopped_by = context_.stop.signal();
    return {.plan = std::move(plan), .deployment = std::move(deployment)};
  }

 private:
  /// Ends a deployment that died, or one with flows of unknown outcome, first.
  void recover_open_deployment() {
    if (!session_.head) return;
    const Record& last = session_.head->record;
    if (last.phase == Phase::intent) {
      if (!is_over(last, options_.lock_timeout, context_.clock.now())) {
        throw Error(
            "another deployment holds `" + workspace_.environment.name + "`: " + holder_text(last),
            "wait for it to finish; one on another machine counts as dead after --lock-timeout, and `flowship unlock` "
            "releases it now",
            Fault::held);
      }
      warnings_.push_back("took over an interrupted deployment of " + holder_text(last));
    } else if (!has_open_flows(*session_.head, workspace_.ledger)) {
      return;
    }
    session_.head = recover(*session_.head, workspace_.ledger, workspace_.repository, session_.service, context_.clock);
    recovered_ = session_.head->commit;
  }

  /// What a saved plan was asked to be. The flows are those of the options: a record stands for the flows that it
  /// concerns.
  PlanRequest request() const {
    PlanRequest request = options_.saved_plan ? options_.saved_plan->request : options_.request;
    request.flows = options_.request.flows;
    return request;
  }

  OnDrift policy() const {
    // A plan saved without a look at the service overwrites nothing.
    if (options_.saved_plan && !options_.saved_plan->held) return OnDrift::fail;
    return options_.request.on_drift.value_or(workspace_.environment.on_drift);
  }

  /// Reads the live state of the flows that are about to change. Without `read_back` only of those to delete, unless
  /// it is needed later.
  void add_live_state(Plan& plan) {
    const bool asks_for_all = options_.read_back || options_.atomic || options_.saved_plan;
    std::vector<Lookup> lookups;
    for (const Change& change : plan.changes) {
      if (asks_for_all || change.action == Action::remove) lookups.push_back(lookup_of(change));
    }
    if (lookups.empty()) return;
    deploy::add_live_state(plan,
                           read_live_state(lookups, workspace_.ledger, session_.head, session_.service,
                                           options_.concurrency, Keep::versions),
                           policy());
    if (options_.saved_plan) expect_same_service(plan, *options_.saved_plan);
  }

  Deployment begin(const Plan& plan) const {
    Deployment deployment;
    deployment.environment = plan.environment;
    deployment.project_id = session_.credentials.project_id;
    deployment.target = plan.target;
    deployment.record = recovered_;
    deployment.unchanged = plan.unchanged;
    deployment.warnings = warnings_;
    deployment.warnings.insert(deployment.warnings.end(), plan.warnings.begin(), plan.warnings.end());
    for (const LeftBehind& flow : plan.left_behind) {
      deployment.left_behind.push_back(flow.removal.flow_id);
      // With prune, the plan warns itself.
      if (!plan.prune) deployment.warnings.push_back(flow.sentence());
    }
    return deployment;
  }

  void carry_out(const Plan& plan, Deployment& deployment) {
    const Recorder recorder(workspace_, session_.head, session_.credentials.project_id, context_.clock);
    if (!plan.has_changes()) {
      if (const std::optional<LedgerEntry> entry = recorder.move_on(plan)) deployment.record = entry->commit;
      return;
    }
    if (plan.stopped_by_drift) {
      stop_at_drift(plan, deployment);
      return;
    }
    const LedgerEntry intent = recorder.append_intent(plan);
    Applied applied = apply(plan, session_.service, options_, context_.stop, context_.progress);
    if (options_.atomic) undo_if_failed(plan, applied.flows);
    try {
      deployment.record = recorder.append_result(intent, plan, applied).commit;
    } catch (const Error& error) {
      deployment.unrecorded = unrecorded(error);
    }
    deployment.credentials_refused = applied.credentials_refused;
    deployment.warnings.insert(deployment.warnings.end(), applied.warnings.begin(), applied.warnings.end());
    deployment.flows = std::move(applied.flows);
    for (const FlowResult& flow : deployment.flows) {
      deployment.drifted = deployment.drifted || flow.outcome == FlowOutcome::drifted;
    }
  }

  /// Nothing is sent and nothing is recorded.
  void stop_at_drift(const Plan& plan, Deployment& deployment) {
    deployment.drifted = true;
    for (const Change& change : plan.changes) {
      FlowResult& flow = deployment.flows.emplace_back(*result_without_request(change));
      if (flow.outcome != FlowOutcome::drifted) continue;
      flow.hint = "keep the console edit: `flowship pull --env " + plan.environment +
                  "`; discard it: `flowship deploy --env " + plan.environment + " --on-drift overwrite`";
    }
    if (policy() == OnDrift::adopt) adopt(workspace_, session_.head, plan, deployment);
  }

  /// Runs even after a stop, so that no half of a deployment remains. A second signal still ends the process.
  void undo_if_failed(const Plan& plan, std::vector<FlowResult>& flows) const {
    const StopSignal none;
    api::Service service(service_options(options_.connection, session_.credentials, context_), context_.clock, none);
    deploy::undo_if_failed(plan, flows, service);
  }

  Workspace& workspace_;
  const DeployOptions& options_;
  const Context& context_;
  Session session_;
  /// The record of the interrupted deployment that was recovered first.
  std::optional<git::ObjectId> recovered_;
  std::vector<std::string> warnings_;
};

}  // namespace

DeployResult deploy(Workspace& workspace, const DeployOptions& options, const Context& context) {
  return Deploying(workspace, options, context).run();
}

}  // namespace flowship::deploy
