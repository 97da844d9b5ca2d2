#pragma once

#include "cli/command.hpp"

#include <span>
#include <string>

namespace flowship::cli {

/// What a command line says.
struct CommandLine {
  /// Null when it names none: then `options.help` is set.
  const Command* command = nullptr;
  Options options;
};

/// Reads the words after the program's name: global options, the command, then its options and arguments in any order.
/// `--name VALUE` and `--name=VALUE` are the same, `--` ends the options, names are never abbreviated, and of an option
/// given twice the last one counts. Throws a usage `Error`, with a guess at what was meant.
CommandLine parse_command_line(std::span<const std::string> words);

}  // namespace flowship::cli
