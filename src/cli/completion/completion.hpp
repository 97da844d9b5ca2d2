#pragma once

#include "cli/command.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::cli {

/// What can stand at a place of the command line, as far as the tables of commands and options tell.
struct Candidates {
  enum class Paths { none, files, folders };

  std::vector<std::string> words;
  Paths paths = Paths::none;
};

/// What a command takes for arguments: the lower-case words of its line in the help, and files where it says so.
Candidates arguments_of(const Command& command);

/// What an option takes for its value; nothing for a switch or a free text.
Candidates values_of(const OptionSpec& option);

/// The names of a command's options, the common ones included, in the order of its help.
std::vector<std::string_view> options_of(const Command& command);

/// A shell that can complete flowship's command lines, and its script.
struct Shell {
  std::string_view name;
  std::string (*script)();
};

/// All shells. To add one: a file with its script, a declaration here, and a row in `shells`.
std::span<const Shell> shells();

std::string bash_completion();
std::string fish_completion();
std::string zsh_completion();

/// `text` with `escape` before each of the characters in `special`.
std::string escaped(std::string_view text, std::string_view special, std::string_view escape = "\\");

/// The words with `separator` between them.
template <typename Words>
std::string listed(const Words& words, std::string_view separator) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace flowship::cli
