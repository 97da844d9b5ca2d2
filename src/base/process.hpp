#pragma once

#include "base/stop.hpp"

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
  /// Ends the program as soon as a stop is requested; null for never.
  const StopSignal* stop = nullptr;
};

struct ProcessResult {
  /// The exit code, or 128 plus the signal that ended it.
  int status = 0;
  std::string output;
  std::string errors;
  /// It took longer than its limit, or a stop was requested, so that it was ended.
  bool timed_out = false;
};

/// Runs `command` to its end with its input from memory and both outputs captured. One that takes too long is asked to
/// end (SIGTERM), so that it can clean up, and a moment later killed.
/// Throws `Error` when it cannot be started. The child gets the default signal mask (Poco blocks SIGPIPE).
ProcessResult run(const Command& command);

/// Starts `command` in a session of its own, where neither a terminal nor a dying parent's process group reaches it: no
/// input, both outputs at the end of `log`, no other open file. Returns its process id; this process is its parent.
/// Throws `Error` when it cannot be started. `input` and `time_limit` have no meaning here.
int start_detached(const Command& command, const std::filesystem::path& log);

}  // namespace flowship
