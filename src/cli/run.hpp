#pragma once

#include "base/error.hpp"
#include "cli/command.hpp"

#include <string>

namespace flowship::cli {

/// The chosen format's function for a kind of result. An `Error` of usage, before anything is done, where the format
/// has none.
template <typename Result>
auto writer(const Invocation& invocation,
            std::string (*report::Format::*function)(const Result&, const report::Style&)) {
  if (invocation.format.*function != nullptr) return invocation.format.*function;
  std::string names;
  for (const report::Format& format : report::formats()) {
    if (format.*function != nullptr) names += (names.empty() ? "" : ", ") + std::string(format.name);
  }
  throw usage_error("--format " + std::string(invocation.format.name) + " has no form for what this command tells",
                    "use one of: " + names);
}

// One function a command, each in the file of its name.
ExitCode run_deploy(const Invocation& invocation);
ExitCode run_help(const Invocation& invocation);
ExitCode run_history(const Invocation& invocation);
ExitCode run_hook(const Invocation& invocation);
ExitCode run_plan(const Invocation& invocation);
ExitCode run_promote(const Invocation& invocation);
ExitCode run_rollback(const Invocation& invocation);
ExitCode run_sandbox(const Invocation& invocation);
ExitCode run_status(const Invocation& invocation);
ExitCode run_unlock(const Invocation& invocation);
ExitCode run_validate(const Invocation& invocation);
ExitCode run_version(const Invocation& invocation);

}  // namespace flowship::cli
