#include "cli/completion/completion.hpp"

namespace flowship::cli {

namespace {

constexpr std::string_view kHead =
    R"(# fish completion for flowship, written by `flowship completion fish`

# Whether one of the named commands is being written; without a name, whether none is yet.
function __flowship_command
    set -l words (commandline -opc)
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        test (count $words) -gt 1; and contains -- $words[2] $argv
    end
end

complete -c flowship -f
)";

std::string in_quotes(std::string_view text) { return "'" + escaped(text, "\\'") + "'"; }

/// The arguments of `complete` for what can stand at a place; `-r` and `-x` need a value.
std::string action_of(const Candidates& candidates) {
  std::string text;
  if (!candidates.words.empty()) text += " -a " + in_quotes(listed(candidates.words, " "));
  if (candidates.paths == Candidates::Paths::files) text += " -F";
  if (candidates.paths == Candidates::Paths::folders) text += " -a '(__fish_complete_directories)'";
  return text;
}

/// The commands that take an option; every one for a common option.
std::string takers_of(const OptionSpec& option) {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) {
    for (const std::string_view name : options_of(command)) {
      if (name == option.name) names.push_back(command.name);
    }
  }
  return listed(names, " ");
}

std::string option_line(const OptionSpec& option) {
  const Candidates values = values_of(option);
  std::string text =
      "complete -c flowship -n '__flowship_command " + takers_of(option) + "' -l " + std::string(option.name.substr(2));
  if (!option.value.empty()) text += values.paths == Candidates::Paths::files ? " -r" : " -x";
  return text + action_of(values) + " -d " + in_quotes(option.summary) + "\n";
}

}  // namespace

std::string fish_completion() {
  std::string text(kHead);
  for (const Command& command : commands()) {
    text += "complete -c flowship -n __flowship_command -a " + std::string(command.name) + " -d " +
            in_quotes(command.summary) + "\n";
  }
  for (const Command& command : commands()) {
    const std::string action = action_of(arguments_of(command));
    if (action.empty()) continue;
    text += "complete -c flowship -n '__flowship_command " + std::string(command.name) + "'" + action + "\n";
  }
  for (const OptionSpec& option : all_options()) text += option_line(option);
  return text;
}

}  // namespace flowship::cli
