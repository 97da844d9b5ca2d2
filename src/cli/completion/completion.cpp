#include "cli/completion/completion.hpp"

#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"

#include <algorithm>
#include <cctype>
#include <ostream>

namespace flowship::cli {

namespace {

constexpr Shell kShells[] = {
    {"bash", bash_completion},
    {"zsh", zsh_completion},
    {"fish", fish_completion},
};

/// The words of a command's arguments without brackets, bars and dots: `PATH` of `[PATH…]`.
std::vector<std::string> words_in(std::string_view arguments) {
  std::vector<std::string> words(1);
  for (const char letter : arguments) {
    if (std::isalpha(static_cast<unsigned char>(letter)) != 0) {
      words.back() += letter;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

}  // namespace

std::span<const Shell> shells() { return kShells; }

Candidates arguments_of(const Command& command) {
  Candidates result;
  for (const std::string& word : words_in(command.arguments)) {
    if (std::islower(static_cast<unsigned char>(word.front())) != 0) {
      result.words.push_back(word);
    } else if (word == "COMMAND") {
      for (const Command& other : commands()) result.words.emplace_back(other.name);
    } else if (word == "PATH" || word == "SOURCE" || word == "TARGET") {
      result.paths = Candidates::Paths::files;
    }
  }
  return result;
}

Candidates values_of(const OptionSpec& option) {
  Candidates result;
  // What is chosen is the whole value, or what stands before its `=`.
  const std::size_t equals = option.value.find('=');
  const std::string behind = equals == std::string_view::npos ? "" : "=";
  if (option.choices != nullptr) {
    for (const std::string_view choice : option.choices()) result.words.push_back(std::string(choice) + behind);
  }
  if (option.value.ends_with("FILE")) result.paths = Candidates::Paths::files;
  if (option.value == "DIR") result.paths = Candidates::Paths::folders;
  return result;
}

std::vector<std::string_view> options_of(const Command& command) {
  std::vector<std::string_view> names(command.options.begin(), command.options.end());
  names.insert(names.end(), common_options().begin(), common_options().end());
  return names;
}

std::string escaped(std::string_view text, std::string_view special, std::string_view escape) {
  std::string result;
  for (const char letter : text) {
    if (special.find(letter) != std::string_view::npos) result += escape;
    result += letter;
  }
  return result;
}

ExitCode run_completion(const Invocation& invocation) {
  const std::vector<std::string>& names = invocation.options.arguments;
  if (names.size() != 1) throw usage_error("completion takes one shell: bash, zsh or fish");
  std::vector<std::string> known;
  for (const Shell& shell : kShells) {
    if (shell.name == names.front()) {
      const std::string script = shell.script();
      invocation.out << report::note_text(invocation.format, {"completion", script, script});
      return ExitCode::done;
    }
    known.emplace_back(shell.name);
  }
  throw usage_error("there is no completion for `" + printable(names.front()) + "`",
                    did_you_mean(names.front(), known));
}

}  // namespace flowship::cli
