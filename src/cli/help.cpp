#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/printable.hpp"
#include "base/version.hpp"
#include "check/check.hpp"
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
      "rules (id, severity, what it finds); flowship.json sets a severity with \"rules\": {\"ID\": \"off\"}\n";
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

}  // namespace

ExitCode run_help(const Invocation& invocation) {
  if (invocation.options.arguments.empty()) {
    invocation.out << help_text();
    return ExitCode::done;
  }
  const std::string& topic = invocation.options.arguments.front();
  if (topic == "rules") {
    invocation.out << rules_text();
    return ExitCode::done;
  }
  if (topic == "formats") {
    invocation.out << formats_text();
    return ExitCode::done;
  }
  std::vector<std::string> names{"rules", "formats"};
  for (const Command& command : commands()) {
    names.emplace_back(command.name);
    if (command.name != topic) continue;
    invocation.out << help_text(command);
    return ExitCode::done;
  }
  throw usage_error("there is no help on `" + printable(topic) + "`", did_you_mean(topic, names));
}

ExitCode run_version(const Invocation& invocation) {
  invocation.out << "flowship " << version() << "\n";
  return ExitCode::done;
}

}  // namespace flowship::cli
