#pragma once

#include "deploy/plan/workspace.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// Makes the workspace one of what the service held before the deployment of `entry`, console edits included: each flow
/// that it replaced or deleted is as its `before/` says, those that it created are not there, all others are as they
/// are deployed now. Returns the flows that this concerns. Throws `Error` where the record does not tell what was
/// there before.
std::vector<std::string> use_before(Workspace& workspace, const LedgerEntry& entry);

}  // namespace flowship::deploy
