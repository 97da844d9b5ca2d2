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

/// What a deployment does about a flow that was edited in the console since the last one.
enum class OnDrift { fail, skip, overwrite, adopt };

/// What is done about guarantees that a change loses.
enum class GuaranteeChecks { off, warn, error };

std::string_view to_text(OnDrift policy);
/// Nothing for an unknown name.
std::optional<OnDrift> on_drift_from(std::string_view text);

/// Letters, digits, `-` and `_`; not empty, and no `-` first, as an option has.
bool is_environment_name(std::string_view text);

/// A named target: one Descope project, and how flows are deployed to it.
struct Environment {
  std::string name;
  /// False for the one that stands for all where flowship.json has none.
  bool is_configured = true;
  /// Empty: taken from `DESCOPE_PROJECT_ID`.
  std::string project_id;
  /// Folders or files that this environment's flows are looked for in (empty: everywhere), in place of the common ones.
  std::optional<std::vector<std::string>> sources;
  /// The branch whose pushes hooks and daemon deploy here; empty for none.
  std::string branch;
  /// The variable that holds the management key; empty: `DESCOPE_MANAGEMENT_KEY`.
  std::string management_key_env;
  /// The remote that the ledger is shared through; empty: it stays in this repository.
  std::string ledger_remote;
  /// The ledger's ref; `refs/flowship/<name>` unless configured.
  std::string ledger_ref;
  /// Whether the ledger's entries are signed. On servers the operator decides.
  bool ledger_sign = false;
  OnDrift on_drift = OnDrift::fail;
  /// Pointers into a flow at which console edits are meant to stay.
  std::vector<std::string> ignore_drift;
  bool prune = false;
  std::set<std::string> protect;
  int max_deletes = 5;
  /// Whether imports carry a note for the console's version history; nothing: as flowship.json says for all, else yes.
  std::optional<bool> changelog;
  flow::Overrides overrides;

  /// What `--env` takes; empty where commands need none.
  std::string name_in_commands() const { return is_configured ? name : std::string(); }
};

/// flowship.json, or the defaults without one.
struct Config {
  /// Folders or files that flows are looked for in; empty: everywhere.
  std::vector<std::string> sources;
  /// At least one.
  std::map<std::string, Environment> environments;
  /// For environments that do not say.
  std::optional<bool> changelog;
  check::Settings check;
  GuaranteeChecks guarantees = GuaranteeChecks::warn;

  /// The named environment, or the only one if `name` is empty. Throws a usage `Error` otherwise.
  const Environment& environment(const std::string& name) const;
  /// The environment's own sources, else the common ones.
  const std::vector<std::string>& sources_of(const Environment& of) const { return of.sources ? *of.sources : sources; }
  /// The sources of all environments together; empty: everywhere.
  std::vector<std::string> all_sources() const;
};

/// The variables that the environments name for their management keys.
std::set<std::string> key_variables(const Config& config);

/// Without a file: one environment, `default`, and flows everywhere.
Config default_config();

/// The paths of all members that flowship.json may have, as in reference.hpp.
std::vector<std::string> known_config_members();

/// Throws an `Error` of `Fault::invalid` with line and column at unknown members and wrong types.
Config parse_config(std::string text, const std::string& path);

/// The configuration at `path` of the revision. Throws an `Error` of `Fault::invalid` if there is no such file.
Config load_config_at(const git::Revision& revision, const std::string& path);

/// `config_file` if given, else flowship.json of the revision, else the default.
Config load_config(const git::Revision& revision, const std::optional<std::string>& config_file);

}  // namespace flowship::deploy
