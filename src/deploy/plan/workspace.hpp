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
  /// With a configuration that was loaded, and possibly restricted, before.
  Workspace(const git::Repository& of, Config loaded, git::Revision from, const std::string& environment_name);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  /// Replaces the revision by what `entry`, of this environment's ledger or another's, says was deployed; with
  /// `Overrides::of_entry` also the overrides, so that exactly what was sent then is sent again.
  enum class Overrides { of_entry, of_environment };
  void use_deployed(const LedgerEntry& entry, Overrides overrides);

  const git::Repository& repository;
  git::Revision revision;
  Config config;
  Environment& environment;
  Ledger ledger;
  /// Whether the revision was loaded from a ledger entry.
  bool from_ledger = false;
  /// What a deployment of it is recorded as.
  DeploymentKind kind = DeploymentKind::deploy;
  /// The ledger entry, if it was loaded from one.
  std::optional<Origin> origin;
  /// Digests of flows to send without the environment's overrides, where the source has that digest.
  std::map<std::string, std::string> exact;
};

}  // namespace flowship::deploy
