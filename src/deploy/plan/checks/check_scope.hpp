#pragma once

#include "check/engine/check.hpp"
#include "deploy/config/config.hpp"
#include "deploy/config/server_policy.hpp"
#include "deploy/plan/checks/validation.hpp"

#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// Flows that are checked as one: those of an environment, or of several with the same sources. The ids of one scope
/// are unique, and its subflows lie in it.
struct CheckScope {
  /// Empty: everything.
  std::vector<std::string> sources;
  check::Settings settings;
  /// Those that deploy these sources.
  std::set<std::string> environments = {};
  /// Findings and flows below one of these lists of sources are other scopes'.
  std::vector<std::vector<std::string>> left_to_others = {};

  bool reports(const std::string& path) const;
};

/// What a revision with that configuration is checked by. `policy` may be null.
std::vector<CheckScope> check_scopes(const Config& config, const ServerPolicy* policy);

/// The part that the policy adds to the configuration's sources; at most one scope.
std::vector<CheckScope> demanded_scopes(const Config& config, const ServerPolicy& policy);

/// Adds what the check of another scope found, each finding once.
void add(Validated& all, Validated more);

}  // namespace flowship::deploy
