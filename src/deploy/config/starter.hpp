#pragma once

#include "deploy/config/credentials.hpp"
#include "git/repository.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// What a first flowship.json says. What is empty is left out.
struct Starter {
  /// How many flows the working tree holds.
  int flows = 0;
  /// The folders that they lie in; empty also where one of them is the root.
  std::vector<std::string> sources = {};
  std::string environment = "production";
  std::string project_id = {};
  /// Whose pushes deploy.
  std::string branch = {};
  /// The remote that the ledger is shared through.
  std::string remote = {};
};

/// What the working tree, git's configuration and the variables propose.
Starter starter_for(const git::Repository& repository, const Variables& variables);

/// The text of the file, as `parse_config` takes it. Throws as that does where a value can't be.
std::string config_text(const Starter& starter);

}  // namespace flowship::deploy
