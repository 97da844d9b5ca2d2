#include "base/version.hpp"
#include "cli/command.hpp"

#include <cctype>

namespace flowship::cli {

namespace {

constexpr std::string_view kEllipsis = "…";

/// Plain text as roff: escaped, with hyphens that can be copied, backquoted parts in bold, and `…` as three dots for
/// terminals without Unicode.
std::string roff(std::string_view text) {
  std::string result;
  bool bold = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (text.substr(at).starts_with(kEllipsis)) {
      result += "...";
      at += kEllipsis.size() - 1;
    } else if (letter == '\\') {
      result += "\\e";
    } else if (letter == '-') {
      result += "\\-";
    } else if (letter == '\'') {
      result += "\\(aq";
    } else if (letter == '`') {
      bold = !bold;
      result += bold ? "\\fB" : "\\fR";
    } else {
      result += letter;
    }
  }
  return result.starts_with('.') ? "\\&" + result : result;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }

std::string option_items(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    const OptionSpec& option = option_of(name);
    text += ".TP\n" + bold(option.name);
    if (!option.value.empty()) text += " \\fI" + roff(option.value) + "\\fR";
    text += "\n" + roff(option.summary) + "\n";
  }
  return text;
}

std::string item(std::string_view term, std::string_view text) {
  return ".TP\n" + bold(term) + "\n" + roff(text) + ".\n";
}

std::string command_section(const Command& command) {
  std::string text =
      ".SS " + std::string(command.name) + "\n" + bold("flowship " + std::string(command.name)) + " [\\fIOPTIONS\\fR]";
  if (!command.arguments.empty()) text += " " + roff(command.arguments);
  std::string summary(command.summary);
  summary.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(summary.front())));
  text += "\n.PP\n" + roff(summary) + ".\n" + option_items(command.options);
  for (const Example& example : examples_of(command.name)) {
    text += ".PP\n" + bold(example.line) + "\n.br\n" + roff(example.meaning) + "\n";
  }
  return text;
}

}  // namespace

std::string manual() {
  std::string text = ".TH FLOWSHIP 1 \"\" \"flowship " + std::string(version()) +
                     "\" \"User Commands\"\n.SH NAME\nflowship \\- deploy Descope authentication flows from git\n"
                     ".SH SYNOPSIS\n.B flowship\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n";
  text +=
      ".SH DESCRIPTION\n"
      "flowship compares a commit with the last deployment, imports only the flows that changed, and records the "
      "result\n"
      "in git. Without a flowship.json there is one environment, configured by the variables below.\n";
  text += ".SH COMMANDS\n";
  for (const Command& command : commands()) text += command_section(command);
  text += ".SH OPTIONS OF ALL COMMANDS\n" + option_items(global_options());
  text += ".SH EXIT STATUS\n";
  for (const ExitMeaning& exit : exit_meanings()) {
    text += item(std::to_string(static_cast<int>(exit.code)), exit.meaning);
  }
  text += ".SH ENVIRONMENT\n";
  for (const EnvironmentVariable& variable : environment_variables()) text += item(variable.name, variable.meaning);
  text += ".SH GIT CONFIGURATION OF A SERVER\n";
  for (const ServerSetting& setting : server_settings()) text += item(setting.name, setting.meaning);
  text +=
      ".SH FILES\n"
      ".TP\n.I flowship.json\nThe configuration, at the root of the repository of flows.\n"
      ".TP\n.I flowshipd.json\nThe operator\\(aqs configuration of the daemon.\n"
      ".TP\n.I refs/flowship/\\fIENVIRONMENT\\fR\nThe ledger: a git ref whose commits are the deployments.\n"
      ".SH SEE ALSO\n.BR git (1)\n";
  return text;
}

}  // namespace flowship::cli
