#pragma once

#include "cli/command.hpp"
#include "deploy/apply/deploy.hpp"

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>

namespace flowship::cli {

/// Deploys a workspace: handles signals, shows progress, writes the result and returns the exit code. Common to
/// `deploy`, `rollback` and `promote`; `command` is what does the same again, see `deploy::Deployment`.
ExitCode send(deploy::Workspace& workspace, const deploy::DeployOptions& options, const Invocation& invocation,
              const std::string& command = "deploy", const deploy::Variables& variables = deploy::process_variable);

/// Repeats `attempt` while it throws an `Error` of `Fault::held`, for as long as `patience`; says so on `err`. Between
/// attempts it waits as long as `is_held` says so, where that is given: an attempt repeats its warnings.
ExitCode retry_while_held(const Clock& clock, std::chrono::milliseconds patience, std::ostream& err,
                          const std::function<ExitCode()>& attempt, const std::function<bool()>& is_held = {});

}  // namespace flowship::cli
