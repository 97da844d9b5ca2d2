#pragma once

#include "base/text/printable.hpp"

#include <string>
#include <string_view>

namespace flowship::deploy {

/// " --env production", for a command to copy; nothing where no environment is configured.
inline std::string environment_option(const std::string& environment) {
  return environment == "default" ? std::string() : " --env " + printable(environment);
}

/// "`flowship deploy --env production`": a command to copy, for the environment that a message is about; without
/// `--env` where no environment is configured.
inline std::string command_hint(std::string_view command, const std::string& environment) {
  return "`flowship " + std::string(command) + environment_option(environment) + "`";
}

}  // namespace flowship::deploy
