#pragma once

#include "api/address.hpp"
#include "base/clock.hpp"
#include "cli/options.hpp"
#include "report/report.hpp"

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::cli {

/// What the program exits with. The numbers are a contract.
enum class ExitCode : int {
  done = 0,
  failed = 1,
  changes = 2,
  invalid = 3,
  partial = 4,
  drifted = 5,
  held = 6,
  credentials = 7,
  usage = 64,
  interrupted = 130,
  terminated = 143,
};

struct ExitMeaning {
  ExitCode code;
  std::string_view meaning;
};

/// Every exit code, ascending, in the words of the help. A test compares docs/exit-codes.md with it.
std::span<const ExitMeaning> exit_meanings();

struct EnvironmentVariable {
  std::string_view name;
  std::string_view meaning;
};

/// The environment variables of interest to a user, for the help and the manual.
std::span<const EnvironmentVariable> environment_variables();

/// A setting in the git configuration of a repository that is pushed to, which its operator controls.
struct ServerSetting {
  std::string_view name;
  std::string_view meaning;
};
std::span<const ServerSetting> server_settings();

/// What a command is run with.
struct Invocation {
  const Options& options;
  const report::Format& format;
  report::Style style;
  /// Results.
  std::ostream& out;
  /// Everything else: progress, warnings.
  std::ostream& err;
  const Clock& clock;
  /// Shared by all deployments of the command.
  std::shared_ptr<api::Addresses> addresses = std::make_shared<api::Addresses>();
};

/// One command of the program.
struct Command {
  std::string_view name;
  /// Its positional arguments as the help shows them: placeholders (`FLOW`) and literal words. Brackets around the
  /// whole mean that none is needed, `|` that one is chosen, `…` that there may be more.
  std::string_view arguments;
  std::string_view summary;
  /// Its own options, besides the global ones.
  std::span<const std::string_view> options;
  ExitCode (*run)(const Invocation&);
};

/// All commands, in the order of the help.
std::span<const Command> commands();

struct Example {
  /// As it is typed in a shell, without pipes and redirections.
  std::string_view line;
  std::string_view meaning;
};

/// The examples for a command's help.
std::vector<Example> examples_of(std::string_view command);

/// How many positional arguments a command takes.
struct Arity {
  std::size_t least = 0;
  std::size_t most = 0;
};
Arity arity_of(const Command& command);

/// The words of a placeholder text, without brackets, bars and dots: `REV` and `REV` of `[REV [REV]]`.
std::vector<std::string> words_of(std::string_view placeholders);
/// Whether such a word stands for itself (`fail`), unlike a placeholder (`FILE`).
bool is_literal(std::string_view word);
/// `a, b or c`, with `last` as the last conjunction.
std::string listed(const std::vector<std::string>& words, std::string_view last);

/// The help, or the help of one command, wrapped to `columns`.
std::string help_text(int columns);
std::string help_text(const Command& command, int columns);
/// `usage: flowship plan [OPTIONS] [FLOW…]`
std::string usage_line(const Command& command);

/// The manual page, section 1, as roff.
std::string manual();

}  // namespace flowship::cli
