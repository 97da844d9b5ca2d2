#pragma once

#include "base/clock.hpp"
#include "deploy/ledger/ledger.hpp"
#include "git/repository.hpp"

#include <vector>

namespace flowship::deploy {

/// The flows that the service was asked to change.
std::vector<FlowResult> sent_flows(const Ledger& ledger, const LedgerEntry& result);

/// Appends what a deployment had sent that lost its lease to `on`, the result of who took over, as unsettled: the next
/// deployment asks the service about these flows. `pending` is the result that the deployment could not append. Throws
/// `Error` of `Fault::held` if yet another deployment has begun.
LedgerEntry append_unsettled(Ledger& ledger, const git::Repository& repository, const LedgerEntry& on,
                             const LedgerEntry& pending, const Clock& clock);

}  // namespace flowship::deploy
