#pragma once

#include "check/guarantees/policy.hpp"
#include "deploy/config/credentials.hpp"
#include "git/repository.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The content of a first flowship.json; empty members are left out.
struct Starter {
  /// Number of flows in the working tree.
  int flows = 0;
  /// The folders of the flows; empty also if one of them is the root.
  std::vector<std::string> sources = {};
  std::string environment = "production";
  std::string project_id = {};
  /// The branch whose pushes deploy.
  std::string branch = {};
  /// Environments by name, each with the folder of its flows, where the same ids lie in several folders beside each
  /// other; then `sources`, `environment` and `project_id` are empty.
  std::map<std::string, std::string> folders = {};
  /// The remote that the ledger is shared through.
  std::string remote = {};
  /// One that today's flows meet.
  std::optional<check::Policy> policy = {};
};

/// Derived from the working tree, git's configuration and the variables.
Starter starter_for(const git::Repository& repository, const Variables& variables);

/// The text of the file. Throws as `parse_config` does if a value is not valid.
std::string config_text(const Starter& starter);

}  // namespace flowship::deploy
