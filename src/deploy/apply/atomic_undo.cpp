#include "deploy/apply/atomic_undo.hpp"

#include "check/rules/secrets.hpp"
#include "deploy/apply/read_back.hpp"

#include <algorithm>

namespace flowship::deploy {

namespace {

api::Outcome import_again(const LiveVersion& before, const Change& change, api::Service& service) {
  const auto is_back = [&] {
    // The other way round: what was there before has to come back.
    switch (arrival_of(change, service)) {
      case api::Arrival::arrived:
        return api::Arrival::not_arrived;
      case api::Arrival::not_arrived:
        return api::Arrival::arrived;
      case api::Arrival::superseded:
        return api::Arrival::superseded;
      case api::Arrival::unknown:
        break;
    }
    return api::Arrival::unknown;
  };
  return service.import_flow("{\"flow\":" + before.exported.text() + "}", is_back);
}

void undo(FlowResult& result, const Change& change, api::Service& service) {
  const std::optional<LiveVersion>& before = change.live->version;
  const api::Outcome outcome = before ? import_again(*before, change, service) : service.delete_flow(result.flow_id);
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
  bool failed = false;
  for (std::size_t number = 0; number < flows.size(); ++number) {
    // What the policy leaves out was known before anything was sent.
    failed = failed || (!is_done(flows[number].outcome) && plan.changes[number].treatment != Treatment::leave);
  }
  if (!failed) return;
  for (std::size_t number = flows.size(); number-- > 0;) {
    FlowResult& result = flows[number];
    const Change& change = plan.changes[number];
    const bool can_be_undone = change.live && (change.live->version || !change.live->is_listed);
    const bool arrived = is_done(result.outcome) || result.unknown;
    if (arrived && result.attempts > 0 && can_be_undone) undo(result, change, service);
  }
}

}  // namespace flowship::deploy
