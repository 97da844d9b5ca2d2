#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace flowship::flow {

/// Whether every project has a flow of that id, which the service refuses to delete (its page "Managing Descope
/// Flows").
constexpr bool is_built_in(std::string_view id) {
  constexpr std::array<std::string_view, 4> kBuiltIn{"sign-up-or-in", "sign-up", "sign-in", "step-up"};
  return std::find(kBuiltIn.begin(), kBuiltIn.end(), id) != kBuiltIn.end();
}

}  // namespace flowship::flow
