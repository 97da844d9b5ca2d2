#include "deploy/pull/pulled.hpp"

#include <algorithm>

namespace flowship::deploy {

std::string_view to_text(PullOutcome outcome) {
  switch (outcome) {
    case PullOutcome::pulled:
      return "pulled";
    case PullOutcome::removed:
      return "removed";
    case PullOutcome::unchanged:
      return "unchanged";
    case PullOutcome::conflict:
      return "conflict";
    case PullOutcome::failed:
      return "failed";
  }
  return {};
}

bool Pulled::ok() const { return !has(PullOutcome::failed) && !has(PullOutcome::conflict); }

bool Pulled::has(PullOutcome outcome) const {
  return std::any_of(flows.begin(), flows.end(), [&](const PulledFlow& flow) { return flow.outcome == outcome; });
}

}  // namespace flowship::deploy
