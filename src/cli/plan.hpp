#pragma once

#include "cli/command.hpp"
#include "deploy/pipeline.hpp"

#include <functional>

namespace flowship::cli {

/// Asks the service what it holds of a plan's flows, and fills in what has drifted.
using AskService = std::function<deploy::HeldDigests(deploy::Workspace&, const deploy::DeployOptions&, deploy::Plan&)>;

/// Makes the plan that the options ask for, saves and shows it; asks the service where `ask` is given.
ExitCode show_plan(const Invocation& invocation, const AskService& ask);

}  // namespace flowship::cli
