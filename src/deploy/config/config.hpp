#pragma once

#include "check/engine/check.hpp"
#include "flow/model/overrides.hpp"
#include "git/revision.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The file at the root of a repository of flows.
inline constexpr const char* kConfigFile = "flowship.json";

/// What a deployment does about a flow that was edited on the service since.
enum class OnDrift { fail, skip, overwrite, adopt };

/// The policy of that name; nothing for any other text.
std::optional<OnDrift> on_drift_from(std::string_view text);

/// Whether a text can name an environment: letters, digits, `-` and `_`.
bool is_environment_name(std::string_view text);

/// A named target: one project of the service, and how flows are deployed there.
struct Environment {
  std::string name;
  /// Empty: `DESCOPE_PROJECT_ID` says.
  std::string project_id;
  /// Whose pushes deploy here, for hooks and daemon; empty for none.
  std::string branch;
  /// The variable that holds the management key; empty: `DESCOPE_MANAGEMENT_KEY`.
  std::string management_key_env;
  /// Where the ledger is shared; empty: this repository alone.
  std::string ledger_remote;
  /// The ledger's ref; `refs/flowship/<name>` unless configured.
  std::string ledger_ref;
  OnDrift on_drift = OnDrift::fail;
  bool prune = false;
  std::set<std::string> protect;
  int max_deletes = 5;
  flow::Overrides overrides;
};

/// What flowship.json says, or what goes without one.
struct Config {
  /// Folders or files that hold flows; empty: anywhere.
  std::vector<std::string> sources;
  /// At least one.
  std::map<std::string, Environment> environments;
  check::Settings check;

  /// The environment to work on: the named one, or the only one. An `Error` of usage otherwise.
  const Environment& environment(const std::string& name) const;
};

/// The configuration without a file: one environment, `default`, and flows anywhere.
Config default_config();

/// Reads flowship.json's text. Whatever it has that is not known, or of the wrong type, is an `Error` of
/// `Fault::invalid` with line and column.
Config parse_config(std::string text, const std::string& path);

/// `config_file`, where it is given; else flowship.json of the revision; else the default.
Config load_config(const git::Revision& revision, const std::optional<std::string>& config_file);

}  // namespace flowship::deploy
