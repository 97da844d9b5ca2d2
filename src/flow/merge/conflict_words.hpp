#pragma once

#include "flow/merge/three_way.hpp"

#include <string>

namespace flowship::flow {

/// A conflict in words: ``task `Verify OTP` (7), `name`: changed differently on both sides``. No values of the flow
/// but names and ids.
std::string conflict_words(const Contested& conflict, json::Value ours, json::Value theirs, Role role);

}  // namespace flowship::flow
