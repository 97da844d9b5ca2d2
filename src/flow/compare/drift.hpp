#pragma once

#include "flow/model/flow.hpp"
#include "json/compare.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// Where the live state of a flow differs from `before`, as far as that is drift. Not drift are `componentsVersion` of
/// the metadata, which the service raises by itself, the order of lists that are sets, and what lies at or below one of
/// `ignored`, pointers into the flow. Views into both flows.
std::vector<json::Difference> drift(const Flow& before, const Flow& live, const std::vector<std::string>& ignored);

/// Whether a pointer leads to `place` or below it.
bool is_at_or_below(std::string_view pointer, std::string_view place);

/// Whether an edit at that pointer can be drift.
bool is_drift(std::string_view pointer, const std::vector<std::string>& ignored);

}  // namespace flowship::flow
