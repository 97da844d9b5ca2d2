#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "base/version.hpp"
#include "check/engine/check.hpp"
#include "cli/run.hpp"

#include <algorithm>
#include <ostream>

namespace flowship::cli {

namespace {

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  if (result.size() < width) result.append(width - result.size(), ' ');
  return result;
}

std::string rules_text() {
  std::size_t widest = 0;
  for (const check::RuleFacts& rule : check::rules()) widest = std::max(widest, rule.id.size());
  std::string text =
      "rules (id, severity, what it finds); flowship.json sets a severity with \"rules\": {\"ID\": \"off\"}, and "
      "leaves out\n"
      "what one rule finds at a path (a file, or a folder with everything below) or in a flow with\n"
      "\"ignore\": [{\"rule\": \"ID\", \"path\": \"PATH\", \"flowId\": \"FLOW\", \"reason\": \"WHY\"}]\n";
  std::string_view group;
  for (const check::RuleFacts& rule : check::rules()) {
    if (rule.group != group) text += "\n" + std::string(rule.group) + "\n";
    group = rule.group;
    text += "  " + padded(rule.id, widest + 2) + padded(check::to_text(rule.severity), 9) + std::string(rule.summary) +
            "\n";
  }
  return text;
}

std::string formats_text() {
  std::string text = "formats, for --format:\n";
  for (const report::Format& format : report::formats()) {
    text += "  " + padded(format.name, 10) + std::string(format.summary) + "\n";
  }
  return text;
}

/// The help on a command, on `rules` or on `formats`, or the manual; the whole help without a topic.
std::string help_on(const std::string& topic) {
  if (topic.empty()) return help_text();
  if (topic == "rules") return rules_text();
  if (topic == "formats") return formats_text();
  if (topic == "man") return manual();
  std::vector<std::string> names{"rules", "formats", "man"};
  for (const Command& command : commands()) {
    if (command.name == topic) return help_text(command);
    names.emplace_back(command.name);
  }
  throw usage_error("there is no help on `" + printable(topic) + "`", did_you_mean(topic, names));
}

}  // namespace

ExitCode run_help(const Invocation& invocation) {
  const std::vector<std::string>& topics = invocation.options.arguments;
  if (topics.size() > 1) throw usage_error("help takes one topic at most");
  const std::string text = help_on(topics.empty() ? "" : topics.front());
  invocation.out << report::note_text(invocation.format, {"help", text, text});
  return ExitCode::done;
}

ExitCode run_version(const Invocation& invocation) {
  const std::string number(version());
  invocation.out << report::note_text(invocation.format, {"version", number, "flowship " + number + "\n"});
  return ExitCode::done;
}

}  // namespace flowship::cli
