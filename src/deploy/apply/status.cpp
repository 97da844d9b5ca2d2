#include "deploy/apply/status.hpp"

#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/planner.hpp"

#include <algorithm>
#include <map>

namespace flowship::deploy {

namespace {

/// The flows that a deployment was sending when it died, or does not know the outcome of.
std::map<std::string, flow::Flow> open_flows(const Workspace& workspace, const std::optional<LedgerEntry>& head) {
  std::map<std::string, flow::Flow> open;
  if (!head) return open;
  const flow::Reading intended = flows_in(workspace.repository, workspace.ledger.intended(*head));
  if (intended.flows.empty()) return open;
  const std::vector<FlowRecord> records = workspace.ledger.flows(*head);
  for (const flow::Flow& flow : intended.flows) {
    const auto record = std::find_if(records.begin(), records.end(),
                                     [&](const FlowRecord& candidate) { return candidate.flow_id == flow.id; });
    open[flow.id] = to_send(flow, head->record.overrides, record == records.end() ? std::string() : record->payload);
  }
  return open;
}

void look_at_service(const std::vector<Deployed>& flows, const std::map<std::string, flow::Flow>& open,
                     const Workspace& workspace, const std::optional<LedgerEntry>& result, api::Service& service,
                     int concurrency, std::map<std::string, FlowState>& states) {
  std::vector<Subject> subjects;
  for (const Deployed& flow : flows) {
    const auto sending = open.find(flow.id);
    subjects.push_back({.flow_id = flow.id,
                        .sent = flow.sent ? &*flow.sent : nullptr,
                        .wanted = sending == open.end() ? nullptr : &sending->second});
  }
  const Survey found = survey(subjects, workspace.ledger, result, service, concurrency, Keep::verdict);
  for (const auto& [id, sighting] : found.sightings) {
    if (sighting.state == Sighting::State::absent) states[id] = FlowState::missing;
    if (sighting.state == Sighting::State::drifted) states[id] = FlowState::drifted;
    // It has arrived, and is not recorded yet.
    if (sighting.state == Sighting::State::as_wanted) states[id] = FlowState::pending;
  }
  for (const std::string& id : found.there) states.try_emplace(id, FlowState::unmanaged);
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
  if (ask == Ask::service) {
    api::Service service(
        service_options(options.connection, credentials_of(workspace, options.connection, context), context),
        context.clock, context.stop);
    look_at_service(flows, open_flows(workspace, head), workspace, result, service, options.concurrency, states);
  }
  for (const auto& [id, state] : states) status.flows.push_back({.flow_id = id, .state = state});
  return status;
}

}  // namespace flowship::deploy
