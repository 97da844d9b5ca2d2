#pragma once

#include "cli/options.hpp"
#include "report/report.hpp"

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace flowship::cli {

/// What the program ends with (DESIGN: the exit codes are a contract).
enum class ExitCode : int {
  done = 0,
  failed = 1,
  changes = 2,
  invalid = 3,
  partial = 4,
  drifted = 5,
  held = 6,
  credentials = 7,
  interrupted = 130,
  terminated = 143,
  usage = 64,
};

/// What an exit code tells, in the words of the help.
struct ExitMeaning {
  ExitCode code;
  std::string_view meaning;
};

/// The exit codes that are a contract, in their order.
std::span<const ExitMeaning> exit_meanings();

/// What a command has besides its options.
struct Invocation {
  const Options& options;
  const report::Format& format;
  report::Style style;
  /// Results.
  std::ostream& out;
  /// Everything else: progress, warnings.
  std::ostream& err;
};

/// One command of the program.
struct Command {
  std::string_view name;
  /// Its arguments, as the help shows them.
  std::string_view arguments;
  std::string_view summary;
  /// The options that it takes besides the common ones.
  std::span<const std::string_view> options;
  ExitCode (*run)(const Invocation&);
};

/// All commands, in the order in which the help lists them.
std::span<const Command> commands();

/// The whole help, or the help of one command.
std::string help_text();
std::string help_text(const Command& command);

/// The manual page, section 1, as roff.
std::string manual();

}  // namespace flowship::cli
