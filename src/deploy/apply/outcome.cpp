#include "deploy/apply/outcome.hpp"

#include <algorithm>

namespace flowship::deploy {

std::string_view to_text(FlowOutcome outcome) {
  switch (outcome) {
    case FlowOutcome::pending:
      return "pending";
    case FlowOutcome::deployed:
      return "deployed";
    case FlowOutcome::deleted:
      return "deleted";
    case FlowOutcome::unchanged:
      return "unchanged";
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
    case FlowState::unknown:
      return "unknown";
  }
  return {};
}

bool is_done(FlowOutcome outcome) {
  return outcome == FlowOutcome::deployed || outcome == FlowOutcome::deleted || outcome == FlowOutcome::unchanged;
}

bool Deployment::has_unknown() const {
  return std::any_of(drift.begin(), drift.end(), [](const Drift& flow) { return flow.match == LiveMatch::unknown; });
}

bool Deployment::ok() const {
  return stopped_by == 0 && !unrecorded && !credentials_refused && !drifted && conflicts.empty() && !has_unknown() &&
         std::all_of(flows.begin(), flows.end(), [](const FlowResult& result) { return is_done(result.outcome); });
}

FlowResult pending_result(const Change& change) {
  return {.flow_id = change.flow_id,
          .action = change.action,
          .reason = change.reason,
          .outcome = FlowOutcome::pending,
          .paths = change.paths,
          .absent = change.live && !change.live->is_listed,
          .deployed_paths = change.deployed_paths};
}

}  // namespace flowship::deploy
