#pragma once

#include "deploy/live/live_state.hpp"
#include "deploy/plan/plan.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What a plan was asked to be, so that it can be made again.
struct PlanRequest {
  /// The revision as it was named; empty: `HEAD`.
  std::string revision;
  /// The flows that it is restricted to; empty: all.
  std::vector<std::string> flows;
  /// A record whose deployment is to be deployed again, or undone; empty for none.
  std::string record;
  std::string to_before;
  /// Whether it deletes.
  bool prune = false;
};

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

/// What the plan is based on, what was asked, and the digest of every flow.
std::string saved_plan_text(const Plan& plan, const PlanRequest& request, const std::optional<HeldDigests>& held);

/// Throws `Error` of usage when the text is no saved plan, or one of something else than a commit.
SavedPlan read_saved_plan(const std::string& text);

/// Throws `Error` when `plan` is not the very plan that was saved: the ledger, the configuration or the revision has
/// moved on since.
void expect_same(const Plan& plan, const SavedPlan& saved);

/// Throws `Error` of `Fault::drifted` when the service holds something else than when the plan was made.
void expect_same_service(const Sightings& sightings, const SavedPlan& saved);

}  // namespace flowship::deploy
