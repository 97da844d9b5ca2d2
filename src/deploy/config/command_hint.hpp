#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flowship::deploy {

/// "`flowship deploy sign-in --env production --on-drift overwrite`": a command to copy, for these flows (none: all) of
/// the environment that a message is about, by its `name_in_commands`.
std::string command_hint(std::string_view command, const std::string& environment, std::string_view option = {},
                         const std::vector<std::string>& flows = {});

/// Options of a command to copy, either of which may be empty.
std::string joined_options(const std::string& first, const std::string& second);

/// A word of a command to copy, quoted for a shell where that is needed.
std::string shell_word(const std::string& text);

}  // namespace flowship::deploy
