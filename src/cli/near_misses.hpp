#pragma once

#include "cli/command.hpp"

#include <string>

namespace flowship::cli {

// Each of these gives "did you mean `…`?", or an empty text where there is nothing to suggest.

/// For an unknown command: a similar name, or the command that does what other tools call so (`apply`).
std::string guess_command(const std::string& name);

/// For an option that `command` (null: no command yet) does not have.
std::string guess_option(const std::string& name, const Command* command);

/// For a format that other tools have; of mistyped names the list of formats takes care.
std::string guess_format(const std::string& name);

}  // namespace flowship::cli
