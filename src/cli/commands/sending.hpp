#pragma once

#include "cli/command.hpp"
#include "deploy/apply/deploy.hpp"

namespace flowship::cli {

/// Deploys a workspace: handles signals, shows progress, writes the result and returns the exit code. Common to
/// `deploy`, `rollback` and `promote`.
ExitCode send(deploy::Workspace& workspace, const deploy::DeployOptions& options, const Invocation& invocation,
              const deploy::Variables& variables = deploy::process_variable);

}  // namespace flowship::cli
