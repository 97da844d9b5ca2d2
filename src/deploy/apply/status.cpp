#include "deploy/apply/status.hpp"

#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/last_deployed.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/planner.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace flowship::deploy {

namespace {

/// The flows that a deployment was sending when it died, or whose outcome it does not know.
std::map<std::string, flow::Flow> open_flows(const Workspace& workspace, const std::optional<LedgerEntry>& head) {
  std::map<std::string, flow::Flow> open;
  if (!head) return open;
  const flow::Reading intended = flows_in(workspace.repository, workspace.ledger.intended(*head));
  if (intended.flows.empty()) return open;
  const std::vector<FlowResult> records = workspace.ledger.flows(*head);
  for (const flow::Flow& flow : intended.flows) {
    const auto record = std::find_if(records.begin(), records.end(),
                                     [&](const FlowResult& candidate) { return candidate.flow_id == flow.id; });
    open[flow.id] = to_send(flow, head->record.overrides, record == records.end() ? std::string() : record->payload);
  }
  return open;
}

/// What to ask about the deployed flows; of one that is just being sent, what is sent counts as well.
LiveQuery query_while_sending(const LastDeployed& last, const std::vector<Deployed>& sending,
                              const std::map<std::string, flow::Flow>& open, const Environment& environment) {
  LiveQuery query{.changes = {}, .kept = {}, .ignore_drift = environment.ignore_drift};
  for (const Deployed& flow : sending) {
    query.changes.push_back({.flow_id = flow.id,
                             .versions = {.intent = Intent::send,
                                          .is_deployed = true,
                                          .desired = &open.at(flow.id),
                                          .sent = flow.sent ? &*flow.sent : nullptr}});
  }
  for (const std::string& id : last.ids()) {
    if (!open.contains(id)) query.kept.push_back(id);
  }
  return query;
}

FlowState state_of(LiveMatch match, FlowState otherwise) {
  switch (match) {
    case LiveMatch::missing:
      return FlowState::missing;
    case LiveMatch::edited:
    case LiveMatch::merged:
      return FlowState::drifted;
    case LiveMatch::foreign:
      return FlowState::unmanaged;
    case LiveMatch::unknown:
      return FlowState::unknown;
    // It has arrived, but is not recorded yet.
    case LiveMatch::as_desired:
      return FlowState::pending;
    case LiveMatch::as_deployed:
      break;
  }
  return otherwise;
}

void add_live_state(const LiveState& live, Status& status, std::map<std::string, FlowState>& states) {
  for (const auto& [id, flow] : live.flows) {
    FlowState& state = states.try_emplace(id, FlowState::in_sync).first->second;
    state = state_of(flow.match, state);
    if (is_drift(flow.match) || flow.match == LiveMatch::unknown) {
      status.drift.push_back({.flow_id = id, .match = flow.match, .edits = flow.edits, .error = flow.error});
    }
  }
  for (const auto& [id, tag] : live.listed) states.try_emplace(id, FlowState::unmanaged);
}

}  // namespace

Status status(Workspace& workspace, const DeployOptions& options, const Context& context, Ask ask) {
  const Plan plan = deploy::plan(workspace, {}, context.variables);
  Status status;
  status.environment = plan.environment;
  status.project_id = plan.project_id;
  status.offline = ask == Ask::nobody;
  status.warnings = plan.warnings;
  const std::optional<LedgerEntry> head = workspace.ledger.head();
  const std::optional<LedgerEntry> result = last_result(workspace.ledger, head);
  std::map<std::string, FlowState> states;
  if (result) {
    status.deployed = PastDeployment{.record = result->commit,
                                     .target = result->record.target,
                                     .time = result->record.finished.value_or(result->record.started),
                                     .flows = {},
                                     .unfinished = false};
  }
  const LastDeployed last(workspace.repository, workspace.ledger, result);
  for (const std::string& id : last.ids()) states[id] = FlowState::in_sync;
  for (const Change& change : plan.changes) states[change.flow_id] = FlowState::pending;
  for (const LeftBehind& flow : plan.left_behind) status.left_behind.push_back(flow.removal.flow_id);
  if (ask == Ask::service) {
    api::Service service = open_service(workspace, options.connection, context);
    const std::map<std::string, flow::Flow> open = open_flows(workspace, head);
    std::set<std::string> ids;
    for (const auto& [id, flow] : open) ids.insert(id);
    const std::vector<Deployed> sending = last.flows(ids);
    LiveQuery query = query_while_sending(last, sending, open, workspace.environment);
    query.compare = options.refresh ? Compare::all : Compare::untagged;
    query.concurrency = options.concurrency;
    add_live_state(read_live_state(query, last, service, context.progress), status, states);
  }
  for (const auto& [id, state] : states) status.flows.push_back({.flow_id = id, .state = state});
  return status;
}

}  // namespace flowship::deploy
