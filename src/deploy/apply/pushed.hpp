#pragma once

#include "deploy/config/config.hpp"
#include "deploy/config/credentials.hpp"

#include <string>
#include <vector>

// What hooks and daemon decide alike: which environments a pushed branch deploys, and with whose key.

namespace flowship::deploy {

/// The environments that `branch` deploys, by the configuration at its newest commit.
std::vector<std::string> environments_of_branch(const Config& config, const std::string& branch);

/// This process's variables, but no key among them where the operator names a key file: that one comes before what the
/// environment of whoever pushes happens to hold. `environment` is the one that is deployed to.
Variables server_variables(const std::string& key_file, const Environment& environment);

}  // namespace flowship::deploy
