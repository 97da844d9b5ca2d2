#pragma once

#include "cli/workflows/examples.hpp"
#include "deploy/config/config.hpp"

#include <string>
#include <vector>

namespace flowship::cli {

/// An environment that a workflow deploys to, and the branch that it deploys.
struct DeployTarget {
  std::string environment;
  std::string branch;
};

/// The environments that have a branch; if none has, all with the branch `otherwise`.
std::vector<DeployTarget> targets_of(const deploy::Config& config, const std::string& otherwise);

/// The environments that the host's workflows do not deploy: GitLab's has one of each branch, unless there is one
/// branch.
std::vector<std::string> left_out(git::Host host, const std::vector<DeployTarget>& targets);

/// The workflow for these targets, at least one, with this very version of flowship.
std::string adapted(const Workflow& workflow, const std::vector<DeployTarget>& targets);

}  // namespace flowship::cli
