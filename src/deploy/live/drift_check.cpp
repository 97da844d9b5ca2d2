#include "deploy/apply/deploy.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/decisions.hpp"

#include <algorithm>
#include <set>

namespace flowship::deploy {

namespace {

/// The plan's own flows, and those that are deployed and stay as they are.
std::vector<Lookup> lookups_of(const Plan& plan, const std::vector<Deployed>& deployed,
                               const std::vector<std::string>& chosen) {
  std::vector<Lookup> lookups;
  std::set<std::string> known;
  for (const Change& change : plan.changes) {
    lookups.push_back(lookup_of(change));
    known.insert(change.flow_id);
  }
  for (const Deployed& flow : deployed) {
    const bool is_chosen = chosen.empty() || std::find(chosen.begin(), chosen.end(), flow.id) != chosen.end();
    if (is_chosen && known.insert(flow.id).second) lookups.push_back(lookup_of(flow));
  }
  return lookups;
}

}  // namespace

void check_drift(Workspace& workspace, const DeployOptions& options, const Context& context, Plan& plan) {
  api::Service service = open_service(workspace, options.connection, context);
  const std::optional<LedgerEntry> result = last_result(workspace.ledger, workspace.ledger.head());
  std::vector<Deployed> deployed;
  if (result) deployed = deployed_flows(workspace.repository, workspace.ledger, *result);
  LiveState state = read_live_state(lookups_of(plan, deployed, options.request.flows), workspace.ledger, result,
                                    service, options.concurrency, Keep::comparison);
  plan.drift.emplace();
  for (const auto& [flow_id, live] : state.flows) {
    const bool missing = live.match == LiveMatch::missing;
    if (!missing && live.match != LiveMatch::edited) continue;
    plan.drift->push_back({.flow_id = flow_id, .missing = missing, .differences = live.differences});
  }
  add_live_state(plan, std::move(state), options.request.on_drift.value_or(workspace.environment.on_drift));
}

}  // namespace flowship::deploy
