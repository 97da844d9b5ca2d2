#include "deploy/apply/status.hpp"

#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/last_deployed.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/live/open_flows.hpp"
#include "deploy/plan/decisions.hpp"
#include "deploy/plan/planner.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace flowship::deploy {

namespace {

/// What a deployment would ask; of a flow that is just being sent, what is sent counts instead.
LiveQuery query_while_sending(const Plan& plan, const LastDeployed& last, const std::vector<Deployed>& deployed,
                              const OpenFlows& open, const Environment& environment) {
  LiveQuery query = live_query(plan, last, environment);
  query.compare = Compare::untagged;
  query.compare_changes = Compare::untagged;
  for (const auto& [id, flow] : open) {
    const std::string& flow_id = id;
    std::erase_if(query.changes, [&](const Lookup& lookup) { return lookup.flow_id == flow_id; });
    std::erase(query.kept, flow_id);
    const auto found = std::find_if(deployed.begin(), deployed.end(),
                                    [&](const Deployed& candidate) { return candidate.id == flow_id; });
    const bool is_deployed = found != deployed.end();
    query.changes.push_back({.flow_id = flow_id,
                             .versions = {.intent = Intent::send,
                                          .is_deployed = is_deployed,
                                          .desired = &*flow,
                                          .sent = is_deployed && found->sent ? &*found->sent : nullptr}});
  }
  return query;
}

FlowState state_of(const Drift& drift) {
  switch (drift.match) {
    case LiveMatch::missing:
      return FlowState::missing;
    case LiveMatch::foreign:
      return FlowState::unmanaged;
    case LiveMatch::unknown:
      return FlowState::unknown;
    default:
      return FlowState::drifted;
  }
}

using States = std::map<std::string, FlowState>;

States states_of(const Plan& plan, const LastDeployed& last) {
  States states;
  for (const std::string& id : last.ids()) states[id] = FlowState::in_sync;
  for (const Change& change : plan.changes) states[change.flow_id] = FlowState::pending;
  return states;
}

/// The plan's own decisions, so that status says what a deployment would do.
States states_of(Plan& plan, LiveState live, const LastDeployed& last, const OpenFlows& open) {
  const LiveList listed = live.listed;
  deploy::add_live_state(plan, std::move(live), OnDrift::fail, last);
  States states = states_of(plan, last);
  for (const auto& [id, flow] : open) {
    if (states.contains(id) || listed.contains(id)) states[id] = FlowState::pending;
  }
  for (const Drift& drift : *plan.drift) states[drift.flow_id] = state_of(drift);
  for (const Change& flow : plan.gone) states.erase(flow.flow_id);
  for (const auto& [id, tag] : listed) states.try_emplace(id, FlowState::unmanaged);
  return states;
}

/// Flows that can't be read at the revision are no changes of the plan, and not as deployed either.
void note_unread(const Plan& plan, States& states, std::vector<std::string>& warnings) {
  std::set<std::string> changed;
  for (const Change& change : plan.changes) changed.insert(change.flow_id);
  for (const check::Finding& finding : plan.findings) {
    if (finding.severity != check::Severity::error || changed.contains(finding.flow_id)) continue;
    warnings.push_back(finding.path + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column) + ": " +
                       finding.message + "; `flowship validate` shows it, and deploy refuses it");
  }
  for (const std::string& id : plan.unread) {
    if (states[id] == FlowState::in_sync) states[id] = FlowState::pending;
  }
}

}  // namespace

Status status(Workspace& workspace, const DeployOptions& options, const Context& context, Ask ask) {
  Plan plan = deploy::plan(workspace, {}, context.variables);
  Status status;
  status.environment = plan.environment;
  status.name_in_commands = plan.name_in_commands;
  status.project_id = plan.project_id;
  status.offline = ask == Ask::nobody;
  const std::optional<LedgerEntry> head = workspace.ledger.head();
  const std::optional<LedgerEntry> result = last_result(workspace.ledger, head);
  if (result) {
    status.deployed = PastDeployment{.record = result->commit,
                                     .target = result->record.target,
                                     .time = result->record.finished.value_or(result->record.started),
                                     .flows = {},
                                     .unfinished = false};
  }
  const LastDeployed last(workspace.repository, workspace.ledger, result);
  States states;
  if (ask == Ask::service) {
    api::Service service = open_service(workspace, options.connection, context);
    OpenFlows open = open_flows(workspace.repository, workspace.ledger, head);
    // Whether an interrupted deletion is carried out after all, the plan says.
    std::erase_if(open, [](const auto& flow) { return !flow.second; });
    std::set<std::string> ids;
    for (const auto& [id, flow] : open) ids.insert(id);
    const std::vector<Deployed> deployed = last.flows(ids);
    LiveQuery query = query_while_sending(plan, last, deployed, open, workspace.environment);
    if (options.refresh) query.compare = query.compare_changes = Compare::all;
    query.concurrency = options.concurrency;
    states = states_of(plan, read_live_state(query, last, service, context.progress), last, open);
    status.drift = *plan.drift;
  } else {
    states = states_of(plan, last);
  }
  status.warnings = plan.warnings;
  note_unread(plan, states, status.warnings);
  for (const LeftBehind& flow : plan.left_behind) status.left_behind.push_back(flow.removal.flow_id);
  status.prune = plan.prune;
  for (const auto& [id, state] : states) status.flows.push_back({.flow_id = id, .state = state});
  return status;
}

}  // namespace flowship::deploy
