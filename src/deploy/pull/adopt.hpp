#pragma once

#include "deploy/apply/outcome.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/plan/workspace.hpp"

#include <optional>
#include <string>

namespace flowship::deploy {

/// An `Error` of usage where there is nothing to take drift over into.
void expect_working_tree(const Workspace& workspace);

/// That an edit on the service can't be taken over into a source, since the environment sets the value at `pointer`.
std::string beyond_source_text(const std::string& flow_id, const std::string& pointer, const std::string& environment);

/// Takes drift over: writes what the service holds of the drifted flows of a plan into the working tree, each in its
/// source's own layout, and tells in `deployment` what was written. Throws `Error`, with nothing written, where that
/// would overwrite something that is not committed.
void adopt(const Workspace& workspace, const std::optional<LedgerEntry>& head, const Plan& plan,
           Deployment& deployment);

}  // namespace flowship::deploy
