#pragma once

#include "deploy/config/config.hpp"
#include "deploy/config/credentials.hpp"
#include "git/repository.hpp"
#include "git/revision.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

// Shared by hooks and daemon: how a pushed branch is deployed, and with whose key.

namespace flowship::deploy {

/// The configuration for a deployment in the repository that was pushed to: the ledgers lie there, whatever
/// `ledger.remote` says, and `flowship.<environment>.sign` in its git configuration decides whether they are signed.
Config load_pushed_config(const git::Revision& pushed, const std::optional<std::string>& config_file);

/// Uses the project that `flowship.<environment>.projectId` in the server's git configuration names, if it does.
void use_servers_project(const git::Repository& repository, Environment& environment);

/// Throws if there is neither `key_file` nor a variable with the environment's key: nobody can pass a hook an option.
void expect_servers_key(const Environment& environment, const std::string& key_file, const Variables& variables);

/// Throws if flowship.json of the default branch gives the environment's project to another environment: who may push
/// one branch must not gain what another deploys to.
void expect_no_others_project(const Config& of_default_branch, const Environment& environment);

/// The tip of the repository's default branch, whose flowship.json decides; nothing while there is none.
std::optional<git::Revision> tip_of_default_branch(const git::Repository& repository);

/// Throws if the environment's ledger is that of another environment of `known`, or if git can't have both: who may
/// push one branch must not block what another deploys.
void expect_no_others_ledger(const Config& known, const Environment& environment);

/// Which branch of a repository that is pushed to deploys an environment: `flowship.<environment>.branch` in its git
/// configuration, else what flowship.json says at the tip of its default branch. What a pushed branch says of itself
/// does not count. The repository must outlive it.
class BranchPolicy {
 public:
  BranchPolicy(const git::Repository& repository, std::optional<std::string> config_file)
      : repository_(repository), config_file_(std::move(config_file)) {}

  /// As `expect_no_others_project`, unless the server's git configuration names the environment's project.
  void check_project(const Environment& environment);
  /// As `expect_no_others_ledger`, of the environments of the default branch's flowship.json and those that the
  /// server's git configuration deploys.
  void check_ledger(const Environment& environment);
  /// Empty if no branch does.
  std::string branch_of(const std::string& environment);
  /// The environments that a branch deploys, whether or not its own flowship.json has them; by the git
  /// configuration alone while the default branch's flowship.json can't be read.
  std::set<std::string> environments_of(const std::string& branch);
  /// The environments by their ledgers' refs, by flowship.json of the default branch.
  std::map<std::string, std::string> ledgers();

 private:
  const Config& config();

  const git::Repository& repository_;
  std::optional<std::string> config_file_;
  /// Of the default branch; loaded only when the git configuration does not answer.
  std::optional<Config> config_;
};

}  // namespace flowship::deploy
