#pragma once

#include "cli/command.hpp"
#include "deploy/apply/deploy.hpp"

namespace flowship::cli {

/// Deploys what the workspace stands for: watches signals, shows progress, writes the result, and gives the exit code.
/// What `deploy`, `rollback` and `promote` have in common.
ExitCode send(deploy::Workspace& workspace, const deploy::DeployOptions& options, const Invocation& invocation,
              const deploy::Variables& variables = deploy::process_variable);

}  // namespace flowship::cli
