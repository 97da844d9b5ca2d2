#pragma once

#include "deploy/plan/plan.hpp"
#include "deploy/plan/request.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// A plan as a file that `deploy --plan` carries out.
struct SavedPlan {
  std::string environment;
  PlanRequest request;
  /// As of `plan_digest`, before the service was asked.
  std::string digest;
  bool is_service_asked = false;
  /// The flows of its steps, with the digest of what the service held; empty where it held none or was not asked.
  std::map<std::string, std::string> steps;
};

/// `sha256:<hex>` of the ledger's entry, the request and every step with the digest of its flow: what a plan is before
/// the service is asked.
std::string plan_digest(const Plan& plan, const PlanRequest& request);

/// The plan and the request; where the service was asked, with the digests of the live flows. `digest` is that of the
/// plan before the service was asked.
std::string saved_plan_text(const Plan& plan, const PlanRequest& request, const std::string& digest);

/// Throws `Error` of usage unless the text is the saved plan of a commit.
SavedPlan read_saved_plan(const std::string& text);

/// Throws `Error` unless `plan`, for which the service was not asked yet, is the plan that was saved: the ledger, the
/// configuration or the revision has changed.
void expect_same(const Plan& plan, const SavedPlan& saved);

/// Throws `Error` of `Fault::drifted` if the live state gives `plan` other steps than the saved one has, or, where the
/// service was asked for that, has changed for one of them; of `Fault::failed` if it can't be told. Where the service
/// was not asked, it may have a flow as desired already.
void expect_same_steps(const Plan& plan, const SavedPlan& saved);

}  // namespace flowship::deploy
