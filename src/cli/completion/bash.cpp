#include "cli/completion/completion.hpp"

#include <map>

namespace flowship::cli {

namespace {

constexpr std::string_view kHead =
    R"(# bash completion for flowship, written by `flowship completion bash`

# Offers those of the words that begin as what is typed does.
_flowship_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
  [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
}

# Offers files (-f) or folders (-d).
_flowship_paths() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
  compopt -o filenames 2>/dev/null
}

_flowship() {
  COMPREPLY=()
  local word=${COMP_WORDS[COMP_CWORD]} commands arguments='' options='' paths=''
  local -i before=COMP_CWORD-1
  # bash takes `--name=value` for three words, and `--name=` for two.
  if [[ $word == = ]]; then
    word=''
  elif ((before > 1)) && [[ ${COMP_WORDS[before]} == = ]]; then
    before+=-1
  fi
)";

constexpr std::string_view kTail =
    R"(  if [[ $word == -* ]]; then
    _flowship_words "$options"
  elif [[ $arguments ]]; then
    _flowship_words "$arguments"
  elif [[ $paths ]]; then
    _flowship_paths "$paths"
  fi
} &&
  complete -F _flowship flowship
)";

std::string_view flag_of(Candidates::Paths paths) {
  switch (paths) {
    case Candidates::Paths::none:
      return "";
    case Candidates::Paths::files:
      return "-f";
    case Candidates::Paths::folders:
      return "-d";
  }
  return "";
}

/// What completes an option's value.
std::string completer_of(const Candidates& values) {
  if (!values.words.empty()) return "_flowship_words \"" + listed(values.words, " ") + "\"";
  if (values.paths != Candidates::Paths::none) return "_flowship_paths " + std::string(flag_of(values.paths));
  return ":";
}

/// A `case` for what stands before the word: options that are completed alike share a row.
std::string value_cases() {
  std::map<std::string, std::vector<std::string_view>> alike;
  for (const OptionSpec& option : all_options()) {
    if (!option.value.empty()) alike[completer_of(values_of(option))].push_back(option.name);
  }
  std::string text = "  case ${COMP_WORDS[before]} in\n";
  for (const auto& [completer, names] : alike) {
    text += "    " + listed(names, " | ") + ")\n      " + completer + "\n      return\n      ;;\n";
  }
  return text + "  esac\n";
}

std::string command_cases() {
  std::string text = "  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands()) {
    const Candidates arguments = arguments_of(command);
    text += "    " + std::string(command.name) + ")\n";
    text += "      options=\"" + listed(options_of(command), " ") + "\"\n";
    if (!arguments.words.empty()) text += "      arguments=\"" + listed(arguments.words, " ") + "\"\n";
    if (arguments.paths != Candidates::Paths::none)
      text += "      paths=" + std::string(flag_of(arguments.paths)) + "\n";
    text += "      ;;\n";
  }
  return text + "  esac\n";
}

}  // namespace

std::string bash_completion() {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.name);
  std::string text(kHead);
  text += "  commands=\"" + listed(names, " ") + "\"\n";
  text += "  if ((COMP_CWORD == 1)); then\n    _flowship_words \"$commands\"\n    return\n  fi\n";
  // The file of --report is behind a second `=`, where the word before is none of the options.
  text += "  if ((before > 1)) && [[ ${COMP_WORDS[before + 1]} == = && ${COMP_WORDS[before]} != -* ]]; then\n";
  text += "    _flowship_paths -f\n    return\n  fi\n";
  return text + value_cases() + command_cases() + std::string(kTail);
}

}  // namespace flowship::cli
