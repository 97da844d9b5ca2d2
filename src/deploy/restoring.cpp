#include "deploy/restoring.hpp"

#include <algorithm>

namespace flowship::deploy {

namespace {

void put_back(Execution::Step& step, const Sighting& sighting, api::Service& service) {
  const api::Outcome outcome = sighting.held ? service.import_flow("{\"flow\":" + sighting.held->text + "}", {})
                                             : service.delete_flow(step.result.flow_id);
  if (!outcome.ok()) {
    step.result.error = "it was deployed and could not be put back: " + outcome.failure->message;
    step.result.hint = outcome.failure->hint;
    return;
  }
  step.result.outcome = FlowOutcome::restored;
  step.result.error = sighting.held ? "put back to what the service held before, since another flow failed"
                                    : "deleted again, since another flow failed";
  step.after = sighting.held ? sighting.held->text : std::string();
}

}  // namespace

void put_back_if_failed(Execution& execution, const CarryOutOptions& carried_out, api::Service& service) {
  const bool failed = std::any_of(execution.steps.begin(), execution.steps.end(), [](const Execution::Step& step) {
    return step.result.outcome == FlowOutcome::failed || step.result.outcome == FlowOutcome::skipped;
  });
  if (!failed) return;
  for (auto step = execution.steps.rbegin(); step != execution.steps.rend(); ++step) {
    const auto sighting = carried_out.sightings.find(step->result.flow_id);
    const bool sent = step->result.outcome == FlowOutcome::deployed && step->result.attempts > 0;
    if (sent && sighting != carried_out.sightings.end()) put_back(*step, sighting->second, service);
  }
}

}  // namespace flowship::deploy
