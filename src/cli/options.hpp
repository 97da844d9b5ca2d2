#pragma once

#include "daemon/log.hpp"
#include "deploy/apply/deploy.hpp"
#include "report/report.hpp"
#include "sandbox/sandbox.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::cli {

/// A file that also gets the result, in a format of its own.
struct ReportFile {
  const report::Format* format;
  std::string path;
};

enum class ColourWhen { automatic, always, never };

/// Everything that a command line can say. A command reads what concerns it.
struct Options {
  std::string repository = ".";
  std::optional<std::string> config_file;
  std::string format = "text";
  std::vector<ReportFile> reports;
  bool quiet = false;
  bool verbose = false;
  ColourWhen colour = ColourWhen::automatic;
  bool help = false;

  std::string environment;
  std::string revision;
  bool staged = false;
  bool worktree = false;
  /// `validate`: the file of findings that are known; empty: none.
  std::string baseline_file;
  bool exit_code = false;
  bool offline = false;
  /// Every environment of flowship.json.
  bool all = false;
  /// Ledger records as the user names them: one to deploy again, one to undo.
  std::string record;
  std::string to_before;
  bool check_drift = false;
  bool yes = false;
  deploy::TargetRules target;
  bool accept_rewritten_ledger = false;
  /// Where a plan is written to or read from.
  std::string plan_file;
  /// The environments that `promote` takes from and deploys to.
  std::string from;
  std::string to;
  bool chain = false;
  /// The layout to write, as the user names it; empty: derived from the target.
  std::string layout;
  bool force = false;
  /// `paths`: how many are listed.
  int limit = 100;
  bool ours = false;
  bool theirs = false;
  /// `merge`: where the file is in the repository; empty: as OURS is named.
  std::string path;
  int marker_size = 7;
  /// How long deploy, rollback and promote wait for a held environment.
  std::chrono::milliseconds lock_wait{90'000};
  deploy::DeployOptions deploy;
  sandbox::Options sandbox;
  /// `serve`: only check the configuration.
  bool check = false;
  bool in_background = false;
  std::string pid_file;
  daemon::LogFormat log_format = daemon::LogFormat::text;

  /// Positional arguments: paths, flows, names.
  std::vector<std::string> arguments;
};

/// One option: its name, its value, its description and what it sets. The single source of parsing, help, completion
/// and manual.
struct OptionSpec {
  /// With the dashes: `--env`.
  std::string_view name;
  /// The value: a placeholder (`FILE`), or the words to choose from (`always|never`); empty for a switch.
  std::string_view value;
  std::string_view summary;
  /// Gets the value, or an empty text for a switch. Throws a usage `Error`.
  void (*set)(Options& options, const std::string& value);
};

/// Every option of every command.
std::span<const OptionSpec> all_options();

/// The options that every command takes, also before the command.
std::span<const std::string_view> global_options();

/// The option of that name, which must exist.
const OptionSpec& option_of(std::string_view name);

}  // namespace flowship::cli
