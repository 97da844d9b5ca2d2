#pragma once

#include "deploy/config/config.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What a plan is asked to be.
struct PlanRequest {
  /// The revision as it was named; empty: `HEAD`.
  std::string revision;
  /// The flows that it is restricted to; empty: all.
  std::vector<std::string> flows;
  /// A record whose deployment is to be deployed again, or undone; empty for none.
  std::string record;
  std::string to_before;
  /// Unset: what the environment says.
  std::optional<bool> prune;
  std::optional<int> max_deletes;
  std::optional<OnDrift> on_drift;
};

}  // namespace flowship::deploy
