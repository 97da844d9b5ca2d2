#pragma once

#include "deploy/apply/deploy.hpp"

namespace flowship::deploy {

enum class Ask { service, nobody };

/// The state of each flow: drifted or missing on the service, else pending against the revision, else in sync; and the
/// service's unmanaged flows. With `Ask::nobody` from the ledger alone, without a key.
Status status(Workspace& workspace, const DeployOptions& options, const Context& context, Ask ask);

}  // namespace flowship::deploy
