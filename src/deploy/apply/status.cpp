#include "deploy/apply/status.hpp"

#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/planner.hpp"

#include <algorithm>
#include <map>

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

/// The deployed flows; where one is just being sent, what is sent counts as well.
std::vector<Lookup> lookups_while_sending(const std::vector<Deployed>& flows,
                                          const std::map<std::string, flow::Flow>& open) {
  std::vector<Lookup> lookups;
  for (const Deployed& flow : flows) {
    Lookup& lookup = lookups.emplace_back(lookup_of(flow));
    const auto sending = open.find(flow.id);
    if (sending == open.end()) continue;
    lookup.versions.intent = Intent::send;
    lookup.versions.desired = &sending->second;
  }
  return lookups;
}

void add_live_state(const LiveState& live, std::map<std::string, FlowState>& states) {
  for (const auto& [id, flow] : live.flows) {
    if (flow.match == LiveMatch::missing) states[id] = FlowState::missing;
    if (flow.match == LiveMatch::edited) states[id] = FlowState::drifted;
    // It has arrived, but is not recorded yet.
    if (flow.match == LiveMatch::as_desired) states[id] = FlowState::pending;
  }
  for (const std::string& id : live.flow_ids) states.try_emplace(id, FlowState::unmanaged);
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
  std::vector<Deployed> flows;
  if (result) {
    status.deployed = PastDeployment{.record = result->commit,
                                     .target = result->record.target,
                                     .time = result->record.finished.value_or(result->record.started),
                                     .flows = {},
                                     .unfinished = false};
    flows = deployed_flows(workspace.repository, workspace.ledger, *result);
  }
  for (const Deployed& flow : flows) states[flow.id] = FlowState::in_sync;
  for (const Change& change : plan.changes) states[change.flow_id] = FlowState::pending;
  for (const LeftBehind& flow : plan.left_behind) states[flow.removal.flow_id] = FlowState::pending;
  if (ask == Ask::service) {
    api::Service service = open_service(workspace, options.connection, context);
    const std::map<std::string, flow::Flow> open = open_flows(workspace, head);
    add_live_state(read_live_state(lookups_while_sending(flows, open), workspace.ledger, result, service,
                                   options.concurrency, Keep::comparison),
                   states);
  }
  for (const auto& [id, state] : states) status.flows.push_back({.flow_id = id, .state = state});
  return status;
}

}  // namespace flowship::deploy
