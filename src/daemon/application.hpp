#pragma once

#include "daemon/log.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>

namespace flowship::daemon {

struct ServeOptions {
  /// flowshipd.json.
  std::filesystem::path config_file;
  /// Lets go of the terminal, and logs to `flowship.log` in the data folder.
  bool in_background = false;
  /// Where the process id is written; empty for nowhere.
  std::filesystem::path pid_file;
  LogFormat log_format = LogFormat::text;
};

/// Runs the daemon until SIGTERM or SIGINT ends it (0: all that was under way is recorded). SIGHUP reads the
/// configuration anew. In the background the calling process returns once the daemon serves, or tells why it does not.
/// Throws `Error` when it can't start.
int serve(const ServeOptions& options, std::ostream& err);

}  // namespace flowship::daemon
