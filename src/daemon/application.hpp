#pragma once

#include "daemon/log.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>

namespace flowship::daemon {

struct ServeOptions {
  /// flowshipd.json.
  std::filesystem::path config_file;
  /// Detach from the terminal, and log to `flowship.log` in the data folder.
  bool in_background = false;
  /// Where to write the process id; empty for nowhere.
  std::filesystem::path pid_file;
  LogFormat log_format = LogFormat::text;
};

/// Runs the daemon until SIGTERM or SIGINT; returns 0 if everything in flight was recorded. SIGHUP reloads the
/// configuration. In the background, the calling process returns once the daemon is listening. Throws `Error` if it
/// can't start.
int serve(const ServeOptions& options, std::ostream& err);

}  // namespace flowship::daemon
