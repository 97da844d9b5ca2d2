#include "cli/completion/completion.hpp"

namespace flowship::cli {

namespace {

constexpr std::string_view kHead =
    R"(#compdef flowship
# zsh completion for flowship, written by `flowship completion zsh`

_flowship() {
)";

constexpr std::string_view kTail =
    R"(}

# Autoloaded this file is the function's body; sourced it has to be registered.
if [[ $funcstack[1] == _flowship ]]; then
  _flowship "$@"
else
  compdef _flowship flowship
fi
)";

/// Between single quotes.
std::string in_quotes(std::string_view text) {
  std::string result;
  for (const char letter : text) result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return "'" + result + "'";
}

/// What `_arguments` does at a place: ` `, which offers nothing, a list, or files.
std::string action_of(const Candidates& candidates) {
  if (!candidates.words.empty()) return "(" + listed(candidates.words, " ") + ")";
  switch (candidates.paths) {
    case Candidates::Paths::none:
      return " ";
    case Candidates::Paths::files:
      return "_files";
    case Candidates::Paths::folders:
      return "_files -/";
  }
  return " ";
}

/// `--name=[summary]:VALUE:action`, which takes `--name VALUE` as well.
std::string option_spec(const OptionSpec& option) {
  const std::string summary = "[" + escaped(option.summary, "\\[]:") + "]";
  if (option.value.empty()) return in_quotes(std::string(option.name) + summary);
  Candidates values = values_of(option);
  std::string action = action_of(values);
  if (option.value.find('=') != std::string_view::npos) action = "->" + std::string(option.name.substr(2));
  return in_quotes("*" + std::string(option.name) + "=" + summary + ":" + escaped(option.value, "\\:") + ":" + action);
}

std::string command_case(const Command& command) {
  std::string text = "    " + std::string(command.name) + ")\n      _arguments -C";
  for (const std::string_view name : options_of(command)) text += " \\\n        " + option_spec(option_of(name));
  if (!command.arguments.empty()) {
    text +=
        " \\\n        " + in_quotes("*:" + escaped(command.arguments, "\\:") + ":" + action_of(arguments_of(command)));
  }
  return text + "\n      ;;\n";
}

/// The values of two parts, such as `FORMAT=FILE`: a word, then a file.
std::string state_cases() {
  std::string text = "  case $state in\n";
  for (const OptionSpec& option : all_options()) {
    if (option.value.find('=') == std::string_view::npos) continue;
    const std::string name(option.name.substr(2));
    text += "    " + name + ")\n      if compset -P '*='; then\n        _files\n      else\n        compadd -S '' -- " +
            listed(values_of(option).words, " ") + "\n      fi\n      ;;\n";
  }
  return text + "  esac\n";
}

}  // namespace

std::string zsh_completion() {
  std::string text(kHead);
  text += "  local curcontext=$curcontext state line\n  typeset -A opt_args\n  local -a commands\n  commands=(\n";
  for (const Command& command : commands()) {
    text += "    " + in_quotes(std::string(command.name) + ":" + escaped(command.summary, "\\:")) + "\n";
  }
  text +=
      "  )\n  if ((CURRENT == 2)); then\n    _describe -t commands command commands\n    return\n  fi\n"
      "  shift words\n  ((CURRENT--))\n  case $words[1] in\n";
  for (const Command& command : commands()) text += command_case(command);
  return text + "  esac\n" + state_cases() + std::string(kTail);
}

}  // namespace flowship::cli
