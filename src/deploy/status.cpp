#include "deploy/status.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "deploy/catalogue.hpp"
#include "deploy/planning.hpp"
#include "deploy/survey.hpp"
#include "flow/compare.hpp"
#include "flow/layouts.hpp"
#include "flow/reading.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

namespace flowship::deploy {

namespace {

/// The flows below a tree of the ledger as they were sent.
std::vector<flow::Flow> sent_flows(const Workspace& workspace, const git::ObjectId& tree,
                                   const flow::Overrides& overrides) {
  if (tree.is_zero()) return {};
  flow::Scope scope;
  const std::vector<git::Entry> entries = workspace.repository.files(tree);
  for (const git::Entry& entry : entries) {
    scope.known.insert(flow::source_of(entry.path));
  }
  flow::Reading reading =
      flow::read_flows(entries, scope, [&](const git::Entry& entry) { return workspace.repository.blob(entry.id); });
  for (flow::Flow& flow : reading.flows) flow = flow::overridden(flow, overrides);
  return std::move(reading.flows);
}

/// The newest entry that tells what is deployed.
std::optional<LedgerEntry> last_result(const Ledger& ledger, std::optional<LedgerEntry> entry) {
  while (entry && entry->record.kind == RecordKind::intent) {
    entry = entry->parent ? std::optional(ledger.entry(*entry->parent)) : std::nullopt;
  }
  return entry;
}

/// `open` are the flows that a deployment was sending when it died, or does not know the outcome of.
void look_at_service(const std::vector<flow::Flow>& flows, const std::vector<flow::Flow>& open,
                     const Workspace& workspace, const LedgerEntry& head, api::Service& service, int concurrency,
                     std::map<std::string, FlowState>& states) {
  const std::vector<std::string> listed = ask_for_list(service);
  const std::set<std::string> there(listed.begin(), listed.end());
  std::vector<const flow::Flow*> present;
  std::vector<std::optional<flow::Flow>> recorded;
  for (const flow::Flow& flow : flows) {
    if (!there.contains(flow.id)) {
      states[flow.id] = FlowState::missing;
      continue;
    }
    present.push_back(&flow);
    recorded.push_back(workspace.ledger.after(head, flow.id));
  }
  std::mutex mutex;
  for_each_in_parallel(present.size(), static_cast<std::size_t>(concurrency), [&](std::size_t number) {
    const flow::Flow& sent = *present[number];
    const std::optional<Held> held = ask_for(sent.id, service);
    const flow::Flow* after = recorded[number] ? &*recorded[number] : nullptr;
    const auto asked =
        std::find_if(open.begin(), open.end(), [&](const flow::Flow& flow) { return flow.id == sent.id; });
    const std::lock_guard lock(mutex);
    if (!held) {
      states[sent.id] = FlowState::missing;
    } else if (asked != open.end() && flow::holds(held->flow, *asked, &sent)) {
      states[sent.id] = FlowState::pending;
    } else if (!is_as_recorded(held->flow, after, &sent, nullptr)) {
      states[sent.id] = FlowState::drifted;
    }
  });
  for (const std::string& id : listed) states.try_emplace(id, FlowState::unmanaged);
}

}  // namespace

Status status(Workspace& workspace, const DeployOptions& options, const Surroundings& surroundings, Ask ask) {
  const Plan plan = deploy::plan(workspace, {}, surroundings.variables);
  Status status;
  status.environment = plan.environment;
  status.project_id = plan.project_id;
  status.offline = ask == Ask::nobody;
  status.warnings = plan.warnings;
  const std::optional<LedgerEntry> head = workspace.ledger.head();
  const std::optional<LedgerEntry> result = last_result(workspace.ledger, head);
  std::map<std::string, FlowState> states;
  std::vector<flow::Flow> flows;
  if (result) {
    status.deployed = PastDeployment{.record = result->commit,
                                     .target = result->record.target,
                                     .time = result->record.finished.value_or(result->record.started),
                                     .flows = {},
                                     .unfinished = false};
    flows = sent_flows(workspace, workspace.ledger.deployed(*result), result->record.overrides);
  }
  for (const flow::Flow& flow : flows) states[flow.id] = FlowState::in_sync;
  for (const Change& change : plan.changes) states[change.flow_id] = FlowState::pending;
  if (ask == Ask::service) {
    api::Service service(
        service_options(options.connection,
                        resolve_credentials(workspace.environment, surroundings.variables, options.connection.key_file),
                        surroundings),
        surroundings.clock, surroundings.stop);
    if (result) {
      look_at_service(flows, sent_flows(workspace, workspace.ledger.intended(*head), head->record.overrides), workspace,
                      *result, service, options.concurrency, states);
    } else {
      for (const std::string& id : ask_for_list(service)) states.try_emplace(id, FlowState::unmanaged);
    }
  }
  for (const auto& [id, state] : states) status.flows.push_back({.flow_id = id, .state = state});
  return status;
}

}  // namespace flowship::deploy
