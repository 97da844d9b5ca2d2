#include "base/digest.hpp"
#include "base/text/printable.hpp"
#include "report/causes.hpp"
#include "report/text/text.hpp"
#include "report/wording.hpp"
#include "report/writers.hpp"

#include <Poco/String.h>

#include <cstdint>
#include <random>
#include <utility>

namespace flowship::report {

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// `##[` begins a command anywhere in a line.
std::string without_commands(std::string text) { return replaced(std::move(text), "##[", "## ["); }

/// Line breaks become workflow-command escapes, other control characters visible ones. `%` is escaped first, since the
/// others begin with it.
std::string escaped_data(std::string_view text) {
  std::string result;
  while (true) {
    const std::size_t end = text.find_first_of("\r\n");
    result += replaced(printable(text.substr(0, end)), "%", "%25");
    if (end == std::string_view::npos) break;
    result += text[end] == '\r' ? "%0D" : "%0A";
    text.remove_prefix(end + 1);
  }
  return without_commands(std::move(result));
}

std::string escaped_property(std::string_view text) {
  return replaced(replaced(escaped_data(text), ":", "%3A"), ",", "%2C");
}

std::string_view command_of(check::Severity severity) {
  if (severity == check::Severity::error) return "error";
  return severity == check::Severity::warning ? "warning" : "notice";
}

struct Annotation {
  std::string_view command;
  std::string title;
  std::string path = {};
  int line = 0;
  int column = 0;
  std::string message;
};

std::string annotation(const Annotation& note) {
  std::string text = "::" + std::string(note.command) + " title=" + escaped_property(note.title);
  if (!note.path.empty()) text += ",file=" + escaped_property(note.path);
  if (note.line > 0) text += ",line=" + std::to_string(note.line);
  if (note.column > 0) text += ",col=" + std::to_string(note.column);
  return text + "::" + escaped_data(note.message) + "\n";
}

std::string annotations(const std::vector<check::Finding>& findings) {
  std::string text;
  for (const Cause& cause : causes_of(findings)) {
    const check::Finding& finding = *cause.first;
    std::vector<std::string> lines = places_of(cause);
    lines.insert(lines.begin(), finding.message);
    text += annotation({.command = command_of(finding.severity),
                        .title = "flowship: " + finding.rule,
                        .path = finding.path,
                        .line = finding.line,
                        .column = finding.column,
                        .message = with_hint(Poco::cat(std::string("\n"), lines.begin(), lines.end()), finding.hint)});
  }
  return text;
}

std::string annotations(const std::vector<std::string>& warnings) {
  std::string text;
  for (const std::string& warning : warnings) {
    text += annotation({.command = "warning", .title = "flowship", .message = warning});
  }
  return text;
}

/// 128 random bits: text that others wrote can't guess what ends the bracket.
std::string random_token() {
  std::random_device device;
  std::string bytes;
  for (int word = 0; word < 4; ++word) {
    const std::uint32_t value = device();
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((value >> shift) & 0xFFU);
  }
  return hex(bytes);
}

/// The text, bracketed so that the runner takes nothing in it for a command.
std::string bracketed(const std::string& text) {
  if (text.empty()) return {};
  const std::string token = random_token();
  return "::stop-commands::" + token + "\n" + without_commands(text) + "::" + token + "::\n";
}

std::string validation_github(const Validation& validation, const Style& style) {
  return annotations(validation.findings) + bracketed(validation_text(validation, style));
}

/// The result without warnings, which are annotations already.
template <typename Result>
Result without_warnings(Result result) {
  result.warnings.clear();
  return result;
}

std::string plan_github(const deploy::Plan& plan, const Style& style) {
  return annotations(shown_findings(plan.findings, plan.guarantees, style)) + annotations(plan.warnings) +
         bracketed(plan_text(without_warnings(plan), style));
}

std::string diff_github(const deploy::Diff& diff, const Style& style) {
  return annotations(shown_findings(diff.findings, diff.guarantees, style)) + annotations(diff.warnings) +
         bracketed(diff_text(without_warnings(diff), style));
}

std::string deployment_github(const deploy::Deployment& deployment, const Style& style) {
  std::string text;
  for (const deploy::FlowResult& result : deployment.flows) {
    if (is_done(result.outcome)) continue;
    const bool failed = result.outcome == deploy::FlowOutcome::failed || result.outcome == deploy::FlowOutcome::drifted;
    const std::string what = result.flow_id + " " + std::string(to_text(result.outcome));
    text += annotation({.command = failed ? "error" : "warning",
                        .title = "flowship: " + what,
                        .path = result.paths.empty() ? "" : result.paths.front(),
                        .message = with_hint(result.error.empty() ? what : result.error, result.hint)});
  }
  return text + annotations(deployment.warnings) + bracketed(deployment_text(without_warnings(deployment), style));
}

std::string status_github(const deploy::Status& status, const Style& style) {
  std::string text;
  for (const deploy::FlowStatus& flow : status.flows) {
    if (flow.state != deploy::FlowState::drifted && flow.state != deploy::FlowState::missing) continue;
    const std::string what = flow.flow_id + " is " + std::string(to_text(flow.state));
    text += annotation({.command = "warning", .title = "flowship: " + status.environment, .message = what});
  }
  return text + annotations(status.warnings) + bracketed(status_text(without_warnings(status), style));
}

std::string history_github(const History& history, const Style& style) {
  return bracketed(history_text(history, style));
}

std::string error_github(const Error& error) {
  return annotation({.command = "error", .title = "flowship", .message = with_hint(error.message(), error.hint())});
}

std::string refusal_github(const Refusal& refusal) {
  return annotations(refusal.findings) + error_github(refusal.error);
}

}  // namespace

Format github_format() {
  return {.name = "github",
          .summary = "annotations for GitHub Actions, and the text",
          .validation = validation_github,
          .plan = plan_github,
          .diff = diff_github,
          .deployment = deployment_github,
          .status = status_github,
          .history = history_github,
          .error = error_github,
          .refusal = refusal_github,
          .note = note_text};
}

}  // namespace flowship::report
