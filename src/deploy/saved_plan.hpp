#pragma once

#include "deploy/plan.hpp"

#include <string>

namespace flowship::deploy {

/// A plan as a file that `deploy --plan` carries out: what it is based on, and the digest of every flow.
std::string saved_plan_text(const Plan& plan);

/// The commit that a saved plan is for. Throws `Error` of usage when the text is no saved plan.
std::string target_of_saved_plan(const std::string& text);

/// Throws `Error` when `plan` is not the very plan that was saved: the ledger, the configuration or the commit has
/// moved on since.
void expect_same(const Plan& plan, const std::string& text);

}  // namespace flowship::deploy
