#pragma once

#include "base/error.hpp"
#include "deploy/plan/plan.hpp"
#include "flow/layouts/reading.hpp"

#include <optional>
#include <set>
#include <string>

namespace flowship::deploy {

/// Why a plan can't be carried out although no rule says so, since rules may be off and findings ignored: a deployed
/// flow can't be read, an id is not one, or two sources have the same. Of the deployed flows only those in `broken`
/// count, if not all flows are planned (`is_whole`).
std::optional<Error> unsendable(const Plan& plan, const flow::Reading& after, const std::set<std::string>& broken,
                                bool is_whole);

}  // namespace flowship::deploy
