#pragma once

#include "check/engine/check.hpp"
#include "git/repository.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What a git server demands of pushed flows: the file that `flowship.policy` in its git configuration names. A pushed
/// flowship.json can tighten it, but not loosen it.
struct ServerPolicy {
  /// What is checked whatever flowship.json has as sources, by all rules; empty: everything. Nothing if the file has no
  /// `sources`: then its own rules alone are checked beyond those of flowship.json, and everywhere.
  std::optional<std::vector<std::string>> sources;
  /// The severities of the rules that the file names, its `ignore` entries and its policies.
  check::Settings check;

  bool names(const std::string& rule) const { return check.severities.contains(rule); }
  /// The settings of flowship.json with the stricter severity of each rule. Of a rule that the policy names, and of
  /// its policies, only the policy's `ignore` entries count.
  check::Settings tightened(check::Settings settings) const;
};

/// Throws an `Error` of `Fault::invalid` with line and column.
ServerPolicy parse_server_policy(std::string text, const std::string& path);

/// Nothing if no policy is configured. A relative path is relative to the git directory. Throws an `Error` for a file
/// that is missing or invalid.
std::optional<ServerPolicy> load_server_policy(const git::Repository& repository);

}  // namespace flowship::deploy
