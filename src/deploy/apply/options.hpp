#pragma once

#include "deploy/lease/lease_watch.hpp"
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
  /// When another deployment's lease is taken over, and how often this one's is renewed.
  LeaseTerms lease;
  /// How long requests in flight may take after a stop; nothing: as long as they do.
  std::optional<std::chrono::milliseconds> grace;
  /// For how long a result is shared again that could not be.
  std::chrono::milliseconds share_wait{std::chrono::minutes{5}};
};

}  // namespace flowship::deploy
