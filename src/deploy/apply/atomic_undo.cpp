#include "deploy/apply/atomic_undo.hpp"

#include "check/rules/secrets.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"

#include <algorithm>

namespace flowship::deploy {

namespace {

api::Outcome import_again(const LiveVersion& before, const std::string& flow_id, api::Service& service) {
  const auto is_back = [&]() -> std::optional<bool> {
    const api::Exported exported = service.export_flow(flow_id);
    if (!exported.outcome.ok()) return std::nullopt;
    return !exported.absent() && flow::same(flow::flow_of_export(exported.document, exported.flow), before.flow);
  };
  return service.import_flow("{\"flow\":" + before.text + "}", is_back);
}

void undo(FlowResult& result, const std::optional<LiveVersion>& before, api::Service& service) {
  const api::Outcome outcome =
      before ? import_again(*before, result.flow_id, service) : service.delete_flow(result.flow_id);
  if (outcome.ok()) {
    result.unknown = false;
    result.outcome = FlowOutcome::restored;
    result.error = before ? "restored to the previous version because another flow failed"
                          : "deleted again because another flow failed";
    return;
  }
  if (!is_done(result.outcome)) return;
  result.unknown = outcome.failure->kind == api::Failure::Kind::unknown;
  result.hint = outcome.failure->hint;
  if (result.unknown) {
    result.outcome = FlowOutcome::failed;
    result.error = "it was deployed, and it is not known whether it was put back: " +
                   check::with_message_masked(outcome.failure->message);
  } else {
    result.error = "it was deployed and could not be put back: " + check::with_message_masked(outcome.failure->message);
  }
}

}  // namespace

void undo_if_failed(const Plan& plan, std::vector<FlowResult>& flows, api::Service& service) {
  const bool failed = std::any_of(flows.begin(), flows.end(), [](const FlowResult& result) {
    return result.outcome == FlowOutcome::failed || result.outcome == FlowOutcome::skipped;
  });
  if (!failed) return;
  for (std::size_t number = flows.size(); number-- > 0;) {
    FlowResult& result = flows[number];
    const std::optional<LiveFlow>& live = plan.changes[number].live;
    const bool arrived = is_done(result.outcome) || result.unknown;
    if (arrived && result.attempts > 0 && live) undo(result, live->version, service);
  }
}

}  // namespace flowship::deploy
