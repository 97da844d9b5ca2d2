#pragma once

#include "check/guarantees/policy.hpp"
#include "flow/layouts/reading.hpp"

#include <optional>

namespace flowship::deploy {

/// The strictest policy that all flows meet in which a session takes a factor: the most `factors`, and the fewest kinds
/// of them in `require`. Nothing if there are no such flows.
std::optional<check::Policy> starter_policy(const flow::Reading& reading);

}  // namespace flowship::deploy
