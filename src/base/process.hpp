#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship {

/// A program to run, never through a shell: `arguments[0]` is looked up in PATH.
struct Command {
  std::vector<std::string> arguments;
  /// Set (or, without a value, removed) on top of this process's own environment.
  std::map<std::string, std::optional<std::string>> environment = {};
  std::string directory = {};
  std::string input = {};
  std::optional<std::chrono::milliseconds> time_limit = {};
};

struct ProcessResult {
  /// The exit code, or 128 plus the signal that ended it.
  int status = 0;
  std::string output;
  std::string errors;
  bool timed_out = false;
};

/// Runs `command` to its end with its input from memory and both outputs captured.
/// Throws `Error` when it cannot be started. The child gets the default signal mask (Poco blocks SIGPIPE).
ProcessResult run(const Command& command);

}  // namespace flowship
