#pragma once

#include "base/text/printable.hpp"

#include <string>
#include <string_view>

namespace flowship::deploy {

/// "`flowship deploy --env production`": a command to copy, for the environment that a message is about, by its
/// `name_in_commands`.
inline std::string command_hint(std::string_view command, const std::string& environment,
                                std::string_view option = {}) {
  std::string text = "`flowship " + std::string(command);
  if (!environment.empty()) text += " --env " + printable(environment);
  if (!option.empty()) text.append(" ").append(option);
  return text + "`";
}

}  // namespace flowship::deploy
