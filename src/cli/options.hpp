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

/// A file that a result is written to besides, in a format of its own.
struct ReportFile {
  const report::Format* format;
  std::string path;
};

/// Everything that a command line can say. A command reads what concerns it.
struct Options {
  std::string repository = ".";
  std::optional<std::string> config_file;
  std::string format = "text";
  std::vector<ReportFile> reports;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
  bool help = false;

  std::string environment;
  std::string revision;
  bool staged = false;
  bool worktree = false;
  bool exit_code = false;
  bool offline = false;
  /// Records of the ledger, as the user names them: one to deploy again, one to undo.
  std::string record;
  std::string to_before;
  bool check_drift = false;
  /// Go on where a command would rather not.
  bool yes = false;
  /// Where a plan is written to, or read from.
  std::string plan_file;
  /// The environment that `promote` takes from.
  std::string from;
  bool chain = false;
  /// The layout to write in, as the user names it; empty where the target tells.
  std::string layout;
  /// Write over what is there.
  bool force = false;
  deploy::DeployOptions deploy;
  sandbox::Options sandbox;
  /// `serve`: only check the configuration.
  bool check = false;
  bool in_background = false;
  std::string pid_file;
  daemon::LogFormat log_format = daemon::LogFormat::text;

  /// What is left: paths, flows, names.
  std::vector<std::string> arguments;
};

/// One option: how it is written, what it says, and what it sets.
struct OptionSpec {
  /// With the dashes: `--env`.
  std::string_view name;
  /// How its value is called in the help (`NAME`); empty for a switch.
  std::string_view value;
  std::string_view summary;
  /// Gets the value, or an empty text for a switch. Throws `Error` of usage.
  void (*set)(Options& options, const std::string& value);
  /// The words that the value is one of, or begins with where it has a `=`; null where it is free.
  std::vector<std::string_view> (*choices)() = nullptr;
};

/// Every option there is.
std::span<const OptionSpec> all_options();

/// The options that every command takes.
std::span<const std::string_view> common_options();

const OptionSpec& option_of(std::string_view name);

/// Reads what follows a command's name. `--name VALUE` and `--name=VALUE` are the same, `--` ends the options. An
/// option that is not among `allowed` or the common ones is an `Error` of usage with the nearest known one.
Options parse_options(std::span<const std::string> words, std::span<const std::string_view> allowed);

}  // namespace flowship::cli
