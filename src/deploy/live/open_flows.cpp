#include "deploy/live/open_flows.hpp"

#include "deploy/ledger/deployed_flows.hpp"
#include "flow/layouts/reading.hpp"

namespace flowship::deploy {

OpenFlows open_flows(const git::Repository& repository, const Ledger& ledger, const std::optional<LedgerEntry>& head) {
  OpenFlows open;
  if (!head || (head->record.phase == Phase::result && head->record.unsettled.empty())) return open;
  const flow::Reading intended = flows_in(repository, ledger.intended(*head));
  for (const FlowResult& result : ledger.flows(*head)) {
    if (head->record.phase == Phase::result && !result.unknown) continue;
    if (result.action == Action::remove) {
      open[result.flow_id] = std::nullopt;
    } else if (const flow::Flow* flow = find_flow(intended, result.flow_id)) {
      open[result.flow_id] = to_send(*flow, head->record.overrides, result.payload);
    }
  }
  return open;
}

}  // namespace flowship::deploy
