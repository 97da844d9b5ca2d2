#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "base/version.hpp"
#include "check/engine/check.hpp"
#include "cli/run.hpp"
#include "cli/terminal.hpp"
#include "deploy/config/reference.hpp"

#include <algorithm>
#include <ostream>

namespace flowship::cli {

namespace {

/// Where descriptions of commands and options begin.
constexpr std::size_t kColumn = 30;

std::string option_rows(std::span<const std::string_view> names, int columns) {
  std::string text;
  for (const std::string_view name : names) {
    const OptionSpec& option = option_of(name);
    std::string left(option.name);
    if (!option.value.empty()) left += " " + std::string(option.value);
    text += row(left, option.summary, kColumn, columns);
  }
  return text;
}

std::string rules_text(int columns) {
  std::size_t widest = 0;
  for (const check::RuleFacts& rule : check::rules()) widest = std::max(widest, rule.id.size());
  constexpr std::size_t kSeverity = 9;
  const std::size_t column = widest + 4;
  std::string text =
      wrapped(
          "rules: id, severity and what it finds. flowship.json sets the severity of a rule with \"rules\": {\"ID\": "
          "\"off\"}. It ignores findings of a rule at a path (a file, or a directory with everything below) or in a "
          "flow with \"ignore\": [{\"rule\": \"ID\", \"path\": \"PATH\", \"flowId\": \"FLOW\", \"reason\": \"WHY\"}]",
          columns) +
      "\n";
  std::string_view group;
  for (const check::RuleFacts& rule : check::rules()) {
    if (rule.group != group) text += "\n" + std::string(rule.group) + "\n";
    group = rule.group;
    std::string left(rule.id);
    left.resize(column - 2, ' ');
    text += row(left + std::string(check::to_text(rule.severity)), rule.summary, column + kSeverity, columns);
  }
  return text;
}

std::string formats_text(int columns) {
  constexpr std::size_t kFormatColumn = 12;
  std::string text = "formats, for --format and --report:\n";
  for (const report::Format& format : report::formats()) {
    text += row(format.name, format.summary, kFormatColumn, columns);
  }
  return text;
}

std::string server_text(int columns) {
  std::string text = wrapped(
      "settings in the git configuration of a repository that is pushed to, for pre-receive and post-receive (`git "
      "config NAME VALUE` there):\n",
      columns);
  for (const ServerSetting& setting : server_settings()) text += row(setting.name, setting.meaning, kColumn, columns);
  return text;
}

/// The help on a command or another topic; the general help without a topic.
std::string help_on(const std::string& topic) {
  const int columns = text_columns();
  if (topic.empty()) return help_text(columns);
  if (topic == "rules") return rules_text(columns);
  if (topic == "formats") return formats_text(columns);
  if (topic == "server") return server_text(columns);
  if (topic == "config") return deploy::config_reference();
  if (topic == "schema") return deploy::config_schema();
  if (topic == "man") return manual();
  std::vector<std::string> names{"config", "rules", "formats", "schema", "server", "man"};
  for (const Command& command : commands()) {
    if (command.name == topic) return help_text(command, columns);
    names.emplace_back(command.name);
  }
  throw usage_error("no help on `" + printable(topic) + "`", did_you_mean(topic, names));
}

report::Note help_note(const std::string& topic) {
  const std::string text = help_on(topic);
  return {"help", text, text};
}

}  // namespace

std::string usage_line(const Command& command) {
  return "usage: flowship " + std::string(command.name) + " [OPTIONS]" + (command.arguments.empty() ? "" : " ") +
         std::string(command.arguments);
}

std::string help_text(int columns) {
  std::string text =
      "flowship deploys Descope authentication flows from git.\n\n"
      "usage: flowship COMMAND [OPTIONS]\n\ncommands:\n";
  for (const Command& command : commands()) text += row(command.name, command.summary, kColumn, columns);
  text += "\noptions of all commands, also before the command:\n" + option_rows(global_options(), columns);
  text += "\nenvironment variables:\n";
  for (const EnvironmentVariable& variable : environment_variables()) {
    text += row(variable.name, variable.meaning, kColumn, columns);
  }
  text += "\nexit codes:\n";
  for (const ExitMeaning& exit : exit_meanings()) {
    constexpr std::size_t kMeaning = 6;
    const std::string code = std::to_string(static_cast<int>(exit.code)) + " ";
    text += std::string(kMeaning - code.size(), ' ') + code + wrapped(exit.meaning, columns, kMeaning, kMeaning) + "\n";
  }
  return text;
}

std::string help_text(const Command& command, int columns) {
  std::string text = usage_line(command) + "\n\n" + wrapped(command.summary, columns) + "\n";
  const std::vector<Example> examples = examples_of(command.name);
  if (!examples.empty()) text += "\nexamples:\n";
  for (const Example& example : examples) {
    text += "  " + std::string(example.line) + "\n      " + wrapped(example.meaning, columns, 6, 6) + "\n";
  }
  if (!command.options.empty()) text += "\noptions:\n" + option_rows(command.options, columns);
  text += "\noptions of all commands:\n" + option_rows(global_options(), columns);
  return text;
}

ExitCode show_help(const Invocation& invocation, const Command* command) {
  const report::Note help = help_note(command == nullptr ? "" : std::string(command->name));
  // --format is about the command's own result, and may have nothing for a help text.
  const auto in_format = invocation.format.note;
  invocation.out << (in_format == nullptr ? help.text : in_format(help, invocation.style));
  return ExitCode::done;
}

ExitCode run_explain(const Invocation& invocation) {
  const auto write = writer(invocation, &report::Format::explained);
  report::Explained explained;
  for (const std::string& id : invocation.options.arguments) {
    const check::RuleFacts* rule = check::find_rule(id);
    if (rule == nullptr) throw usage_error("unknown rule `" + printable(id) + "`", check::unknown_rule_hint(id));
    explained.rules.push_back(*rule);
  }
  if (explained.rules.empty()) explained.rules.assign(check::rules().begin(), check::rules().end());
  invocation.out << write(explained, invocation.style);
  return ExitCode::done;
}

ExitCode run_help(const Invocation& invocation) {
  const std::vector<std::string>& topics = invocation.options.arguments;
  const auto write = writer(invocation, &report::Format::note);
  invocation.out << write(help_note(topics.empty() ? "" : topics.front()), invocation.style);
  return ExitCode::done;
}

ExitCode run_version(const Invocation& invocation) {
  const std::string number(version());
  const auto write = writer(invocation, &report::Format::note);
  invocation.out << write({"version", number, "flowship " + number + "\n"}, invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
