#include "deploy/apply/outcome.hpp"

#include "flow/compare/compare.hpp"

#include <algorithm>

namespace flowship::deploy {

std::string_view to_text(Action action) {
  switch (action) {
    case Action::create:
      return "create";
    case Action::update:
      return "update";
    case Action::remove:
      return "delete";
  }
  return {};
}

std::string_view to_text(Reason reason) {
  switch (reason) {
    case Reason::added:
      return "added";
    case Reason::changed:
      return "changed";
    case Reason::removed:
      return "removed";
    case Reason::config:
      return "config";
  }
  return {};
}

std::string_view to_text(FlowOutcome outcome) {
  switch (outcome) {
    case FlowOutcome::deployed:
      return "deployed";
    case FlowOutcome::failed:
      return "failed";
    case FlowOutcome::skipped:
      return "skipped";
    case FlowOutcome::drifted:
      return "drifted";
    case FlowOutcome::restored:
      return "restored";
  }
  return {};
}

std::string_view to_text(FlowState state) {
  switch (state) {
    case FlowState::in_sync:
      return "in-sync";
    case FlowState::pending:
      return "pending";
    case FlowState::drifted:
      return "drifted";
    case FlowState::missing:
      return "missing";
    case FlowState::unmanaged:
      return "unmanaged";
  }
  return {};
}

bool Deployment::ok() const {
  return stopped_by == 0 && !unrecorded && !credentials_refused && !drifted &&
         std::all_of(flows.begin(), flows.end(),
                     [](const FlowResult& result) { return result.outcome == FlowOutcome::deployed; });
}

std::string Change::digest() const { return flow ? flow::digest(*flow) : std::string(); }

flow::Description Change::description() const {
  return before && flow ? flow::describe(*before, *flow) : flow::Description();
}

}  // namespace flowship::deploy
