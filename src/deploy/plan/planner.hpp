#pragma once

#include "deploy/config/credentials.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/request.hpp"
#include "deploy/plan/workspace.hpp"

#include <optional>
#include <string>

namespace flowship::deploy {

/// Compares the revision with what `head` (nothing: before the first deployment) says is deployed, and decides all that
/// can be decided without the live state, deletions included. `project_id` may be empty: then it is the ledger's.
/// Nothing is sent and nothing is written. A flow of the request that nobody knows is an `Error` of usage.
Plan make_plan(const Workspace& workspace, const std::optional<LedgerEntry>& head, const std::string& project_id,
               const PlanRequest& request);

/// Fetches a shared ledger; where that fails, why, as a warning: what follows is by what was last known here.
std::optional<std::string> fetch_if_reachable(Ledger& ledger);

/// What `deploy` would do now, by the ledger alone; needs no key and no network.
/// A shared ledger is fetched where it can be reached; else the plan warns.
Plan plan(Workspace& workspace, const PlanRequest& request, const Variables& variables);

}  // namespace flowship::deploy
