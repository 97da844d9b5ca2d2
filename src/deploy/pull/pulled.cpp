#include "deploy/pull/pulled.hpp"

#include <algorithm>

namespace flowship::deploy {

std::string_view to_text(PullOutcome outcome) {
  switch (outcome) {
    case PullOutcome::pulled:
      return "pulled";
    case PullOutcome::unchanged:
      return "unchanged";
    case PullOutcome::failed:
      return "failed";
  }
  return {};
}

bool Pulled::ok() const {
  return std::none_of(flows.begin(), flows.end(),
                      [](const PulledFlow& flow) { return flow.outcome == PullOutcome::failed; });
}

}  // namespace flowship::deploy
