#pragma once

#include "deploy/apply/outcome.hpp"
#include "deploy/ledger/ledger.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The result whose commit id starts with `name`; if empty, the result before the last deployment, which may be
/// unfinished. `environment` is its `name_in_commands`. Throws a usage `Error` if there is none.
LedgerEntry find_record(const Ledger& ledger, const std::string& environment, const std::string& name);

/// The newest result at or before `entry`.
std::optional<LedgerEntry> last_result(const Ledger& ledger, std::optional<LedgerEntry> entry);

/// Newest first. An unfinished deployment comes first.
std::vector<PastDeployment> history(const Ledger& ledger);

}  // namespace flowship::deploy
