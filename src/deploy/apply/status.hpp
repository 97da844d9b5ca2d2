#pragma once

#include "deploy/apply/deploy.hpp"

namespace flowship::deploy {

enum class Ask { service, nobody };

/// What is deployed, flow by flow: drifted or missing on the service, else pending against the revision, else in sync;
/// and what the service has beyond it. With `Ask::nobody` by the ledger alone, without a key.
Status status(Workspace& workspace, const DeployOptions& options, const Context& context, Ask ask);

}  // namespace flowship::deploy
