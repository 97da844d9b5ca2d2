#pragma once

#include <string_view>

namespace flowship::deploy {

/// Refs below are ledgers.
inline constexpr std::string_view kLedgerRefs = "refs/flowship/";
/// Branches below may be.
inline constexpr std::string_view kLedgerBranches = "refs/heads/flowship/";

}  // namespace flowship::deploy
