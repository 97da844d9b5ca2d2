#pragma once

#include "deploy/config/config.hpp"
#include "deploy/config/credentials.hpp"

#include <string>
#include <vector>

// Shared by hooks and daemon: which environments a pushed branch deploys, and with whose key.

namespace flowship::deploy {

/// The environments that `branch` deploys, by the configuration at its newest commit.
std::vector<std::string> environments_of_branch(const Config& config, const std::string& branch);

/// This process's variables without the keys where the operator names a key file, which comes before what the pusher's
/// environment happens to have. `environment` is the one that is deployed to.
Variables server_variables(const std::string& key_file, const Environment& environment);

}  // namespace flowship::deploy
