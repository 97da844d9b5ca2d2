#pragma once

#include <string>
#include <string_view>

namespace flowship::deploy {

/// Refs below are ledgers.
inline constexpr std::string_view kLedgerRefs = "refs/flowship/";
/// Branches below may be.
inline constexpr std::string_view kLedgerBranches = "refs/heads/flowship/";

/// Where an environment's ledger is unless flowship.json says otherwise.
inline std::string usual_ledger_ref(const std::string& environment) { return std::string(kLedgerRefs) + environment; }

/// Whether git can't have both refs: they are the same, or one lies below the other.
inline bool exclude_each_other(const std::string& one, const std::string& other) {
  return (one + "/").starts_with(other + "/") || (other + "/").starts_with(one + "/");
}

}  // namespace flowship::deploy
