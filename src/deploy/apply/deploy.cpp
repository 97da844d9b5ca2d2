#include "deploy/apply/deploy.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "base/trace.hpp"
#include "deploy/apply/apply.hpp"
#include "deploy/apply/atomic_undo.hpp"
#include "deploy/apply/grace.hpp"
#include "deploy/apply/version_note.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/lease/lease.hpp"
#include "deploy/lease/result_sharing.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/ledger/recorder.hpp"
#include "deploy/ledger/space_reserve.hpp"
#include "deploy/plan/decisions.hpp"
#include "deploy/plan/planner.hpp"
#include "deploy/pull/adopt.hpp"
#include "deploy/recover/recovery.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

Error unrecorded(const Error& why) {
  return Error("what was sent could not be recorded: " + why.message(),
               "run the same command again: flowship queries the service, records the result, and sends nothing twice");
}

/// For how long a deployment that was stopped shares what is unknown.
constexpr std::chrono::seconds kNoteLimit{2};

/// "`a`, `b`"
std::string names_of_unknown(const std::vector<FlowResult>& flows) {
  std::string names;
  for (const FlowResult& flow : flows) {
    if (flow.unknown) names += (names.empty() ? "`" : ", `") + printable(flow.flow_id) + "`";
  }
  return names;
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
    share_earlier_results();
    for (std::string& warning : workspace_.ledger.pending_results().warnings) warnings_.push_back(std::move(warning));
    if (std::optional<std::string> why = superseded_by()) return superseded(std::move(*why));
    end_earlier_deployments();
    Plan plan = make_plan(workspace_, session_.head, session_.credentials.project_id, request());
    plan.note = version_note(workspace_, plan.target);
    plan.command.target = target_options(options_.target, plan.target);
    if (options_.saved_plan) expect_same(plan, *options_.saved_plan);
    if (check::count(plan.findings).errors > 0) return {.plan = std::move(plan), .deployment = {}};
    if (plan.refusal) throw Error(plan.refusal->message() + "; nothing was sent", plan.refusal->hint());
    add_live_state(plan);
    ask(plan);
    Deployment deployment = begin(plan);
    carry_out(plan, deployment);
    if (context_.stop.requested()) deployment.stopped_by = context_.stop.signal();
    return {.plan = std::move(plan), .deployment = std::move(deployment)};
  }

 private:
  /// What the target is older than, where that is to be skipped; throws where it is not allowed.
  std::optional<std::string> superseded_by() const {
    if (!options_.target || options_.target->allow_older) return std::nullopt;
    const std::optional<LedgerEntry> last = last_result(workspace_.ledger, session_.head);
    std::optional<std::string> why = deploy::superseded(workspace_, last, options_.connection.git_limit);
    if (why && !options_.target->skip_superseded) throw older_target(workspace_, *why);
    return why;
  }

  DeployResult superseded(std::string why) const {
    Deployment deployment;
    deployment.environment = workspace_.environment.name;
    deployment.name_in_commands = workspace_.environment.name_in_commands();
    deployment.project_id = session_.credentials.project_id;
    deployment.target = workspace_.revision.name();
    deployment.superseded = std::move(why);
    return {.plan = {}, .deployment = std::move(deployment)};
  }

  void ask(const Plan& plan) const {
    const bool sends = std::any_of(plan.changes.begin(), plan.changes.end(),
                                   [](const Change& change) { return change.treatment == Treatment::send; });
    if (sends && options_.confirm && !options_.confirm(plan)) throw Error("cancelled; nothing was sent");
  }

  /// Ends a deployment that died or has flows of unknown outcome, which may leave another result to share.
  void end_earlier_deployments() {
    while (recover_open_deployment()) share_earlier_results();
  }

  void share_earlier_results() {
    for (const SharedResult& shared :
         share_pending(workspace_.ledger, workspace_.repository, context_.clock, &context_.stop)) {
      if (!shared.record) continue;
      recovered_ = shared.record;
      warnings_.push_back(shared.how == Sharing::appended
                              ? "shared the result of an earlier deployment, which this clone had kept"
                              : "recorded as unsettled what an earlier deployment from this clone had sent");
    }
    session_.head = workspace_.ledger.head();
  }

  /// Whether there was something to recover.
  bool recover_open_deployment() {
    if (!session_.head) return false;
    const Record& last = session_.head->record;
    if (last.phase == Phase::intent) {
      if (!is_abandoned(workspace_.repository, workspace_.ledger, *session_.head, options_.lease)) {
        throw Error("another deployment holds `" + workspace_.environment.name + "`: " + holder_text(last),
                    "wait for it to finish; its lease counts as abandoned once the ledger has stood still for "
                    "--lock-timeout, and " +
                        command_hint("unlock", workspace_.environment.name_in_commands()) + " releases it now",
                    Fault::held);
      }
      const std::string unknown = names_of_unknown(workspace_.ledger.flows(*session_.head));
      warnings_.push_back("took over an interrupted deployment of " + holder_text(last) +
                          (unknown.empty() ? "" : "; it did not know what became of " + unknown));
    } else if (!has_open_flows(*session_.head, workspace_.ledger)) {
      return false;
    }
    session_.head = recover(*session_.head, workspace_.ledger, workspace_.repository, session_.service, context_.clock);
    recovered_ = session_.head->commit;
    return true;
  }

  /// What a saved plan was asked to be. The flows are those of the options: a record stands for the flows that it
  /// concerns.
  PlanRequest request() const {
    PlanRequest request = options_.saved_plan ? options_.saved_plan->request : options_.request;
    request.flows = options_.request.flows;
    return request;
  }

  OnDrift policy(const Plan& plan) const {
    if (policy() == OnDrift::adopt) return OnDrift::adopt;
    // Who goes back to what is deployed now wants it back.
    const bool restores = workspace_.kind == DeploymentKind::rollback && !plan.has_changes();
    return restores && !options_.request.on_drift ? OnDrift::overwrite : policy();
  }

  OnDrift policy() const {
    std::optional<OnDrift> chosen = options_.request.on_drift;
    if (options_.saved_plan) {
      // A plan saved without a look at the service overwrites nothing.
      if (!options_.saved_plan->is_service_asked) return OnDrift::fail;
      if (!chosen) chosen = options_.saved_plan->request.on_drift;
    }
    return chosen.value_or(workspace_.environment.on_drift);
  }

  void add_live_state(Plan& plan) {
    const LastDeployed last(workspace_.repository, workspace_.ledger, session_.head);
    LiveQuery query = live_query(plan, last, workspace_.environment);
    query.concurrency = options_.concurrency;
    // A saved plan has looked at untagged flows too, and who names flows wants them looked at.
    const bool is_thorough = options_.saved_plan || !plan.chosen.empty();
    query.compare = options_.refresh ? Compare::all : is_thorough ? Compare::untagged : Compare::tagged;
    query.keep = Keep::versions;
    deploy::add_live_state(plan, read_live_state(query, last, session_.service, context_.progress), policy(plan), last);
    context_.progress.finished();
    if (!plan.drift->empty()) expect_unmoved();
    if (options_.saved_plan) expect_same_steps(plan, *options_.saved_plan);
  }

  /// What somebody has deployed since the ledger was read looks like drift.
  void expect_unmoved() {
    workspace_.ledger.fetch();
    const std::optional<LedgerEntry> now = workspace_.ledger.head();
    const bool is_same = now ? session_.head && now->commit == session_.head->commit : !session_.head;
    if (!is_same) throw workspace_.ledger.overtaken();
  }

  Deployment begin(const Plan& plan) const {
    Deployment deployment;
    deployment.environment = plan.environment;
    deployment.name_in_commands = plan.name_in_commands;
    deployment.project_id = session_.credentials.project_id;
    deployment.target = plan.target;
    deployment.record = recovered_;
    deployment.chosen = plan.chosen;
    deployment.unchanged = plan.unchanged;
    deployment.warnings = warnings_;
    deployment.warnings.insert(deployment.warnings.end(), plan.warnings.begin(), plan.warnings.end());
    for (const check::Finding& finding : plan.findings) {
      if (finding.rule != check::kGuaranteeRule || finding.severity != check::Severity::warning) continue;
      deployment.warnings.push_back(finding.message);
    }
    if (options_.target && options_.target->is_head) {
      for (std::optional<std::string> warning : {uncommitted_config(workspace_), uncommitted_flows(workspace_)}) {
        if (warning) deployment.warnings.push_back(std::move(*warning));
      }
    }
    for (const LeftBehind& flow : plan.left_behind) deployment.left_behind.push_back(flow.removal.flow_id);
    deployment.prune = plan.prune;
    deployment.drift = *plan.drift;
    warn_of_drift(plan, deployment);
    deployment.not_compared = plan.not_compared;
    return deployment;
  }

  /// Of the flows that are no steps.
  void warn_of_drift(const Plan& plan, Deployment& deployment) const {
    for (const Drift& flow : *plan.drift) {
      if (is_warned_of(plan, flow)) continue;
      const bool is_adopted = plan.stopped_by_drift && policy(plan) == OnDrift::adopt && flow.counts();
      if (is_adopted) continue;
      const auto is_of_flow = [&](const Change& change) { return change.flow_id == flow.flow_id; };
      if (std::any_of(plan.changes.begin(), plan.changes.end(), is_of_flow)) continue;
      deployment.warnings.push_back("`" + flow.flow_id + "`: " + flow.sentence() + "; " +
                                    flow.hint(plan.name_in_commands, plan.command.target, sends()));
    }
  }

  Drift::Sends sends() const { return workspace_.from_ledger ? Drift::Sends::record : Drift::Sends::revision; }

  /// Whether a deletion was meant, and the plan warns already.
  static bool is_warned_of(const Plan& plan, const Drift& flow) {
    return std::any_of(plan.left_behind.begin(), plan.left_behind.end(), [&](const LeftBehind& left) {
      return left.removal.flow_id == flow.flow_id && left.removal.live;
    });
  }

  void carry_out(const Plan& plan, Deployment& deployment) {
    if (context_.stop.requested()) {
      skip_all(plan, deployment);
      return;
    }
    const Recorder recorder(workspace_, session_.head, session_.credentials.project_id, context_.clock);
    if (plan.stopped_by_drift) {
      stop_at_drift(plan, deployment);
      return;
    }
    if (!plan.has_changes()) {
      if (const std::optional<LedgerEntry> entry = recorder.move_on(plan)) deployment.record = entry->commit;
      return;
    }
    reserve_.emplace(workspace_.repository, workspace_.ledger.ref(), recorder.space_for_result(plan));
    const BootTime begun = boot_time();
    const LedgerEntry intent = recorder.append_intent(plan);
    Applied applied = apply_with_lease(plan, recorder, intent, begun, deployment);
    deployment.credentials_refused = applied.credentials_refused;
    deployment.flows = std::move(applied.flows);
    note_drift(plan, deployment);
  }

  /// Carries out the plan, renewing the lease meanwhile, and records the outcome.
  Applied apply_with_lease(const Plan& plan, const Recorder& recorder, const LedgerEntry& intent, BootTime begun,
                           Deployment& deployment) {
    Lease lease(workspace_.ledger, intent, begun, options_.lease.timeout, context_.clock, context_.stop);
    const api::Service::Gate gate = [&lease] { return lease.why_not(); };
    session_.service.set_gate(gate);
    Applied applied = apply_with_grace(plan, gate, recorder.keeper(intent));
    const LedgerEntry latest = lease.end();
    session_.service.set_gate({});
    if (applied.is_cut_off && !lease.is_lost()) {
      note_unknown(plan, recorder, latest, applied);
      deployment.unrecorded = cut_off(applied);
    } else {
      record(plan, recorder, latest, applied, deployment);
    }
    return applied;
  }

  Applied apply_with_grace(const Plan& plan, const api::Service::Gate& gate, const KeepReturned& keep) {
    // Undoing goes on after a stop, so that no half of a deployment remains. A second signal still ends the process.
    const StopSignal none;
    api::Service undoing(service_options(options_.connection, session_.credentials, context_), context_.clock, none);
    undoing.set_gate(gate);
    Grace grace(context_.stop, options_.grace);
    grace.covers(session_.service);
    grace.covers(undoing);
    Applied applied = apply(plan, session_.service, options_, context_, keep);
    if (!options_.atomic) return applied;
    undo_if_failed(plan, applied.flows, undoing);
    applied.is_cut_off = applied.is_cut_off || has_cut_off(undoing, applied.flows);
    return applied;
  }

  void record(const Plan& plan, const Recorder& recorder, const LedgerEntry& latest, const Applied& applied,
              Deployment& deployment) {
    std::optional<LedgerEntry> pending;
    try {
      reserve_.reset();
      pending = recorder.keep_result(latest, plan, applied);
      const SharedResult shared = share_result(workspace_.ledger, workspace_.repository, *pending,
                                               {.wait = options_.share_wait, .grace = options_.grace}, context_);
      context_.progress.finished();
      if (shared.how == Sharing::appended) {
        deployment.record = shared.record;
      } else {
        deployment.unrecorded = lost(shared);
      }
    } catch (const Error& error) {
      context_.progress.finished();
      deployment.is_kept = pending.has_value();
      deployment.unrecorded = pending ? unshared(error, *pending) : unrecorded(error);
    }
  }

  /// Somebody else has taken over meanwhile.
  Error lost(const SharedResult& shared) const {
    return Error(
        "the lease on `" + workspace_.environment.name + "` was lost to another deployment; " +
            (shared.how == Sharing::unsettled ? "what this one had sent is recorded as unsettled" : "nothing was sent"),
        "run the same command again: it asks the service first, and sends only what is missing");
  }

  Error unshared(const Error& why, const LedgerEntry& pending) const {
    return Error("what was sent is recorded in this clone (" + pending.commit.abbreviated() +
                     "), but the ledger does not have it: " + why.message(),
                 "run the same command again, here: flowship shares that result first, and sends nothing twice");
  }

  /// Says in the ledger which outcomes are unknown. Where that can't be shared in time, the intent says no less: that
  /// every flow of the plan is to be asked about.
  void note_unknown(const Plan& plan, const Recorder& recorder, const LedgerEntry& latest, const Applied& applied) {
    StopSignal over;
    Grace limit(context_.stop, kNoteLimit);
    limit.ends(over);
    try {
      reserve_.reset();
      workspace_.ledger.append_once(recorder.write_stopped(latest, plan, applied), context_.clock, &over);
    } catch (const Error& error) {
      if (is_tracing()) trace("lease", "not noted: " + error.message());
    }
  }

  /// The lease must not be released: the service may carry out the request yet.
  static Error cut_off(const Applied& applied) {
    return Error(
        "a request was still in flight when the time to stop was over, so whether it took effect is unknown: " +
            names_of_unknown(applied.flows),
        "run the same command again: once the lease has expired (--lock-timeout), it asks the service first");
  }

  /// Stopped before anything was sent: there is nothing to record.
  static void skip_all(const Plan& plan, Deployment& deployment) {
    for (const Change& change : plan.changes) {
      FlowResult& flow = deployment.flows.emplace_back(pending_result(change));
      flow.outcome = FlowOutcome::skipped;
      flow.error = "not tried: the deployment was stopped";
    }
  }

  /// Nothing is sent and nothing is recorded.
  void stop_at_drift(const Plan& plan, Deployment& deployment) {
    for (const Change& change : plan.changes) deployment.flows.push_back(*result_without_request(change));
    note_drift(plan, deployment);
    if (policy() == OnDrift::adopt) adopt(workspace_, session_.head, plan, session_.service, deployment);
  }

  /// Says of each flow that was not sent because of drift what to do.
  void note_drift(const Plan& plan, Deployment& deployment) const {
    deployment.drifted = plan.stopped_by_drift && plan.has_changes();
    for (FlowResult& flow : deployment.flows) {
      if (flow.outcome != FlowOutcome::drifted) continue;
      deployment.drifted = true;
      const auto found = std::find_if(plan.drift->begin(), plan.drift->end(),
                                      [&](const Drift& drift) { return drift.flow_id == flow.flow_id; });
      const Drift drift = found == plan.drift->end()
                              ? Drift{.flow_id = flow.flow_id, .match = LiveMatch::edited, .edits = {}, .error = {}}
                              : *found;
      flow.hint = drift.hint(plan.name_in_commands, plan.command.target, sends());
    }
  }

  Workspace& workspace_;
  const DeployOptions& options_;
  const Context& context_;
  Session session_;
  /// From before the intent to the result.
  std::optional<SpaceReserve> reserve_;
  /// The record of the interrupted deployment that was recovered first.
  std::optional<git::ObjectId> recovered_;
  std::vector<std::string> warnings_;
};

}  // namespace

DeployResult deploy(Workspace& workspace, const DeployOptions& options, const Context& context) {
  return Deploying(workspace, options, context).run();
}

}  // namespace flowship::deploy
