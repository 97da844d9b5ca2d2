#include "deploy/apply/deploy.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/live/open_flows.hpp"
#include "deploy/plan/decisions.hpp"

#include <utility>

namespace flowship::deploy {

void check_drift(Workspace& workspace, const DeployOptions& options, const Context& context, Plan& plan) {
  api::Service service = open_service(workspace, options.connection, context);
  const LastDeployed last(workspace.repository, workspace.ledger,
                          last_result(workspace.ledger, workspace.ledger.head()));
  LiveQuery query = live_query(plan, last, workspace.environment);
  // What `deploy` finds out, and records, before it plans.
  const OpenFlows open = open_flows(workspace.repository, workspace.ledger, workspace.ledger.head());
  for (Lookup& lookup : query.changes) {
    const auto found = open.find(lookup.flow_id);
    if (found == open.end()) continue;
    lookup.versions.open = found->second ? &*found->second : nullptr;
    lookup.versions.may_be_deleted = !found->second;
  }
  query.compare = options.refresh ? Compare::all : Compare::untagged;
  query.concurrency = options.concurrency;
  LiveState state = read_live_state(query, last, service, context.progress);
  add_live_state(plan, std::move(state), options.request.on_drift.value_or(workspace.environment.on_drift), last);
}

}  // namespace flowship::deploy
