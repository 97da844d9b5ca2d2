#pragma once

#include "deploy/config/config.hpp"
#include "deploy/ledger/ledger.hpp"
#include "git/revision.hpp"

#include <map>
#include <optional>
#include <string>

namespace flowship::deploy {

/// A repository, one of its revisions and one of its environments: what every command on deployments works on. The
/// repository must outlive it.
struct Workspace {
  Workspace(const git::Repository& of, git::Revision from, const std::optional<std::string>& config_file,
            const std::string& environment_name);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  /// From now on works with what `entry`, of this environment's ledger or another's, says was deployed, in the place of
  /// the revision. With `overrides` of `entry` too, so that just what was sent then is sent again.
  enum class Overrides { of_entry, of_environment };
  void use_deployed(const LedgerEntry& entry, Overrides overrides);

  const git::Repository& repository;
  git::Revision revision;
  Config config;
  Environment& environment;
  Ledger ledger;
  /// Whether the revision is the repository's no more, but what a ledger tells.
  bool from_ledger = false;
  /// What a deployment of it is recorded as.
  DeploymentKind kind = DeploymentKind::deploy;
  /// Flows that are sent as their source says, without the environment's overrides, where its digest is this one.
  std::map<std::string, std::string> exact;
};

}  // namespace flowship::deploy
