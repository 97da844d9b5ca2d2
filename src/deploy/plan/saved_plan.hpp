#pragma once

#include "deploy/plan/plan.hpp"
#include "deploy/plan/request.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The digests of the live flows when a plan was saved; empty where there was none.
using HeldDigests = std::map<std::string, std::string>;

/// A plan as a file that `deploy --plan` carries out.
struct SavedPlan {
  std::string text;
  std::string environment;
  PlanRequest request;
  /// Nothing where the service was not asked.
  std::optional<HeldDigests> held;
};

/// What the plan is based on, the request, and the digest of every flow; with the live digests where the service was
/// queried.
std::string saved_plan_text(const Plan& plan, const PlanRequest& request);

/// Throws `Error` of usage unless the text is the saved plan of a commit.
SavedPlan read_saved_plan(const std::string& text);

/// Throws `Error` unless `plan` is the plan that was saved: the ledger, the configuration or the revision has changed.
void expect_same(const Plan& plan, const SavedPlan& saved);

/// Throws `Error` of `Fault::drifted` if the live state has changed since the plan was saved.
void expect_same_service(const Plan& plan, const SavedPlan& saved);

}  // namespace flowship::deploy
