#pragma once

#include "deploy/apply/outcome.hpp"
#include "deploy/ledger/ledger.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The entry of a record that a user names by (the beginning of) its commit id; without a name the one before the last
/// that deployed something. Throws `Error` of usage when there is none.
LedgerEntry find_record(const Ledger& ledger, const std::string& name);

/// The newest entry, from `entry` on, that tells what is deployed; nothing when there is none.
std::optional<LedgerEntry> last_result(const Ledger& ledger, std::optional<LedgerEntry> entry);

/// The deployments of the ledger, newest first; one that is not finished comes first and says so.
std::vector<PastDeployment> history(const Ledger& ledger);

}  // namespace flowship::deploy
