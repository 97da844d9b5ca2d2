#pragma once

#include "api/service.hpp"
#include "base/clock.hpp"
#include "deploy/ledger/ledger.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// Whether an unfinished deployment still goes on. One on this host is over when its process is gone, one elsewhere
/// when it began longer than `lock_timeout` ago.
bool is_over(const Record& intent, std::chrono::milliseconds lock_timeout, Time now);

/// Whether a result has flows of which it is not known whether the service took them.
bool has_open_flows(const LedgerEntry& head, const Ledger& ledger);

/// Ends a deployment that died, or that could not ask what became of some flows: asks the service what it holds of each
/// flow in question, and appends the result. Afterwards `deployed/` is what the service holds, but for the flows in
/// `unsettled`. Throws, and changes nothing, when the service can't be asked.
LedgerEntry recover(const LedgerEntry& entry, Ledger& ledger, const git::Repository& repository, api::Service& service,
                    const Clock& clock);

/// Ends it without asking anybody: nothing counts as deployed, and the next deployment asks the service about each
/// flow.
LedgerEntry release(const LedgerEntry& intent, Ledger& ledger, const Clock& clock);

}  // namespace flowship::deploy
