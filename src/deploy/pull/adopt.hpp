#pragma once

#include "api/service.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/workspace.hpp"

#include <optional>
#include <string>

namespace flowship::deploy {

/// Throws `Error` of usage where there is no working tree to adopt drift into.
void expect_working_tree(const Workspace& workspace);

/// Says that an edit can't be adopted into a source because the environment sets the value at `pointer`.
std::string beyond_source_text(const std::string& flow_id, const std::string& pointer, const std::string& environment);

/// Adopts drift: merges the live state of edited flows, those of the plan and others in `plan.drift`, into the working
/// tree, each in its source's own layout, and notes in `deployment` what was written and what is in conflict. Files of
/// a flow in conflict stay as they are.
void adopt(const Workspace& workspace, const std::optional<LedgerEntry>& head, const Plan& plan, api::Service& service,
           Deployment& deployment);

}  // namespace flowship::deploy
