#pragma once

#include "base/stop.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship {

/// A program to run, never through a shell: `arguments[0]` is looked up in PATH. Its environment is this process's
/// without management keys: neither DESCOPE_MANAGEMENT_KEY nor any variable whose value has the form of one.
struct Command {
  std::vector<std::string> arguments;
  /// Variables to set (keys too), or to remove where there is no value.
  std::map<std::string, std::optional<std::string>> environment = {};
  std::string directory = {};
  std::string input = {};
  std::optional<std::chrono::milliseconds> time_limit = {};
  /// Which process group the child is in, and what a signal to this process's group (Ctrl-C in a terminal) does.
  enum class Group {
    shared,    ///< this process's, whose signals end the child too
    shielded,  ///< this process's, whose signals the child ignores
    own,       ///< one of its own, without the terminal: whatever it has started is ended with it
  };
  Group group = Group::shared;
  /// Any of them ends the program when it is requested, or keeps it from being started.
  std::vector<const StopSignal*> stops = {};
};

struct ProcessResult {
  /// The exit code; see `kSignalled`.
  int status = 0;
  std::string output;
  std::string errors;
  /// It was ended because its time limit passed or a stop was requested.
  bool timed_out = false;
};

/// A process that a signal ended has an exit code of this plus the signal's number.
constexpr int kSignalled = 128;

/// The exit code in a status of `waitpid`.
int exit_code_of(int wait_status);

/// Runs `command` with its input from memory and both outputs captured. After its time limit it, or its own group, gets
/// SIGTERM, so that it can clean up, and SIGKILL 2 s later. Throws `Error` if it can't be started. The child gets the
/// default signal mask (Poco blocks SIGPIPE).
ProcessResult run(const Command& command);

/// Starts `command` in its own session, out of reach of signals to this terminal and process group: no input, both
/// outputs appended to `log`, no other open files. Returns the child's process id. Ignores `input` and `time_limit`.
/// Throws `Error` if it can't be started.
int start_detached(const Command& command, const std::filesystem::path& log);

}  // namespace flowship
