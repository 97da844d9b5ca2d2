#pragma once

#include "cli/command.hpp"

namespace flowship::cli {

// One function a command, each in the file of its name.
ExitCode run_deploy(const Invocation& invocation);
ExitCode run_help(const Invocation& invocation);
ExitCode run_history(const Invocation& invocation);
ExitCode run_plan(const Invocation& invocation);
ExitCode run_sandbox(const Invocation& invocation);
ExitCode run_validate(const Invocation& invocation);
ExitCode run_version(const Invocation& invocation);

}  // namespace flowship::cli
