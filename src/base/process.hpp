#pragma once

#include <chrono>
#include <filesystem>
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
  /// Whether what ends this process's whole group (Ctrl-C at a terminal) ends the child as well.
  enum class GroupSignals { end, ignore };
  GroupSignals group_signals = GroupSignals::end;
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

/// Starts `command` in a session of its own, where neither a terminal nor a dying parent's process group reaches it: no
/// input, both outputs at the end of `log`, no other open file. Returns its process id; this process is its parent.
/// Throws `Error` when it cannot be started. `input` and `time_limit` have no meaning here.
int start_detached(const Command& command, const std::filesystem::path& log);

}  // namespace flowship
