#include "deploy/apply/atomic_undo.hpp"

#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"

#include <algorithm>

namespace flowship::deploy {

namespace {

api::Outcome import_again(const Sighting& sighting, const std::string& flow_id, api::Service& service) {
  const auto is_back = [&]() -> std::optional<bool> {
    const api::Exported exported = service.export_flow(flow_id);
    if (!exported.outcome.ok()) return std::nullopt;
    return !exported.absent() &&
           flow::same(flow::flow_of_export(exported.document, exported.flow), sighting.held->flow);
  };
  return service.import_flow("{\"flow\":" + sighting.held->text + "}", is_back);
}

void put_back(Execution::Step& step, const Sighting& sighting, api::Service& service) {
  const std::string& flow_id = step.result.flow_id;
  const api::Outcome outcome = sighting.held ? import_again(sighting, flow_id, service) : service.delete_flow(flow_id);
  if (outcome.ok()) {
    step.unknown = false;
    step.result.outcome = FlowOutcome::restored;
    step.result.error = sighting.held ? "put back to what the service held before, since another flow failed"
                                      : "deleted again, since another flow failed";
    return;
  }
  if (step.result.outcome != FlowOutcome::deployed) return;
  step.unknown = outcome.failure->kind == api::Failure::Kind::unknown;
  step.result.hint = outcome.failure->hint;
  if (step.unknown) {
    step.result.outcome = FlowOutcome::failed;
    step.result.error = "it was deployed, and whether it was put back is not known: " + outcome.failure->message;
  } else {
    step.result.error = "it was deployed and could not be put back: " + outcome.failure->message;
  }
}

}  // namespace

void put_back_if_failed(Execution& execution, const CarryOutOptions& carried_out, api::Service& service) {
  const bool failed = std::any_of(execution.steps.begin(), execution.steps.end(), [](const Execution::Step& step) {
    return step.result.outcome == FlowOutcome::failed || step.result.outcome == FlowOutcome::skipped;
  });
  if (!failed) return;
  for (auto step = execution.steps.rbegin(); step != execution.steps.rend(); ++step) {
    const auto sighting = carried_out.sightings.find(step->result.flow_id);
    const bool arrived = step->result.outcome == FlowOutcome::deployed || step->unknown;
    if (arrived && step->result.attempts > 0 && sighting != carried_out.sightings.end())
      put_back(*step, sighting->second, service);
  }
}

}  // namespace flowship::deploy
