#pragma once

#include "api/service.hpp"
#include "base/clock.hpp"
#include "deploy/ledger/ledger.hpp"

namespace flowship::deploy {

/// Whether a result has flows whose outcome is unknown.
bool has_open_flows(const LedgerEntry& head, const Ledger& ledger);

/// Ends a deployment that died, or that does not know the outcome of some flows: reads the live state of each of them
/// and appends the result. Afterwards `deployed/` is what the service holds, except for the flows in `unsettled`.
/// Throws, and changes nothing, if the service can't be queried.
LedgerEntry recover(const LedgerEntry& entry, Ledger& ledger, const git::Repository& repository, api::Service& service,
                    const Clock& clock);

/// Ends it without querying the service: nothing counts as deployed, and the next deployment recovers each flow.
LedgerEntry release(const LedgerEntry& intent, Ledger& ledger, const Clock& clock);

}  // namespace flowship::deploy
