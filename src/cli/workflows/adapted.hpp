#pragma once

#include "cli/workflows/examples.hpp"
#include "deploy/config/config.hpp"

#include <string>
#include <vector>

namespace flowship::cli {

/// An environment that a workflow deploys to, and the branch that it deploys.
struct Target {
  std::string environment;
  std::string branch;
};

/// The environments that have a branch; if none has, all with the branch `otherwise`.
std::vector<Target> targets_of(const deploy::Config& config, const std::string& otherwise);

/// The workflow for these targets, at least one, with this very version of flowship.
std::string adapted(const Workflow& workflow, const std::vector<Target>& targets);

}  // namespace flowship::cli
