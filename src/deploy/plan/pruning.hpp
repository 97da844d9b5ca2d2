#pragma once

#include "deploy/config/config.hpp"
#include "deploy/plan/plan.hpp"

#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// Which of a plan's removals are carried out.
struct Pruning {
  std::set<std::string> removals;
  /// Why others are not, a sentence each.
  std::vector<std::string> kept;
};

/// A flow is only deleted if flowship deployed it, and never one that the service keeps, that is protected, or that
/// others still use as a subflow. More than `most` at once are an `Error`, before anything is done.
Pruning choose_removals(const Plan& plan, const Environment& environment, int most);

}  // namespace flowship::deploy
