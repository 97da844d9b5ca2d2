#pragma once

#include "deploy/live/session.hpp"
#include "deploy/plan/request.hpp"
#include "deploy/plan/saved_plan.hpp"
#include "deploy/plan/target_rules.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace flowship::deploy {

/// How a plan is made and carried out.
struct DeployOptions {
  Connection connection;
  PlanRequest request;
  /// Carry out just this plan, and nothing else.
  std::optional<SavedPlan> saved_plan;
  /// Which commits are taken; nothing: any.
  std::optional<TargetRules> target;
  /// Asked before anything is sent; empty: nobody is asked.
  std::function<bool(const Plan&)> confirm;
  /// Requests at a time, 1 to 32.
  int concurrency = 4;
  /// If any flow fails, put back those that were imported already.
  bool atomic = false;
  /// Compare every deployed flow with the service, also those whose version is as recorded.
  bool refresh = false;
  /// How long an import that the service accepted, but does not show yet, is waited for.
  std::chrono::milliseconds read_back_wait{10'000};
  /// How long an intent of another machine is waited for before it counts as dead.
  std::chrono::milliseconds lock_timeout{15 * 60'000};
  /// An intent of this very process is one that it could not end: a result that could not be recorded.
  bool takes_over_own = false;
};

}  // namespace flowship::deploy
