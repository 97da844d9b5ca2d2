#pragma once

#include "deploy/apply/apply.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/live/session.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/workspace.hpp"

#include <optional>

namespace flowship::deploy {

/// Appends what a deployment had sent that lost its lease to the ledger of who took over, as unsettled: the next
/// deployment asks the service about these flows. Waits for the end of a deployment that is under way there. `latest`
/// is the newest entry of the deployment that lost. Nothing where nothing was sent; throws `Error` if a stop or five
/// minutes end the wait.
std::optional<LedgerEntry> append_unsettled(Workspace& workspace, const Plan& plan, const LedgerEntry& latest,
                                            const Applied& applied, const Context& context);

}  // namespace flowship::deploy
