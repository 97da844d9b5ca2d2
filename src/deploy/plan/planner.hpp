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
/// Nothing is sent and nothing is written. An unknown flow in the request is an `Error` of usage.
Plan make_plan(const Workspace& workspace, const std::optional<LedgerEntry>& head, const std::string& project_id,
               const PlanRequest& request);

/// What `deploy` would do now, from the ledger alone; needs no key. A shared ledger is fetched if it can be reached,
/// else the plan warns.
Plan plan(Workspace& workspace, const PlanRequest& request, const Variables& variables);

}  // namespace flowship::deploy
