#pragma once

#include "deploy/plan/plan.hpp"
#include "deploy/plan/request.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What the service held of each flow of a plan when it was made: a digest, empty where it had none.
using HeldDigests = std::map<std::string, std::string>;

/// A plan as a file that `deploy --plan` carries out.
struct SavedPlan {
  std::string text;
  std::string environment;
  PlanRequest request;
  /// Nothing where the service was not asked.
  std::optional<HeldDigests> held;
};

/// What the plan is based on, what was asked, and the digest of every flow; where the service was asked, also what it
/// holds of each.
std::string saved_plan_text(const Plan& plan, const PlanRequest& request);

/// Throws `Error` of usage when the text is no saved plan, or one of something else than a commit.
SavedPlan read_saved_plan(const std::string& text);

/// Throws `Error` when `plan` is not the very plan that was saved: the ledger, the configuration or the revision has
/// moved on since.
void expect_same(const Plan& plan, const SavedPlan& saved);

/// Throws `Error` of `Fault::drifted` when the service holds something else than when the plan was made.
void expect_same_service(const Plan& plan, const SavedPlan& saved);

}  // namespace flowship::deploy
