#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/secrets.hpp"
#include "flow/describe/secret_members.hpp"
#include "json/document.hpp"
#include "report/causes.hpp"
#include "report/text/excerpt.hpp"
#include "report/text/text.hpp"
#include "report/wording.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace flowship::report {

namespace {

Colour colour_of(check::Severity severity) {
  if (severity == check::Severity::error) return Colour::red;
  return severity == check::Severity::warning ? Colour::yellow : Colour::blue;
}

/// The text with what its members' names make secret masked; nothing of a file in another encoding, in which no rule
/// finds a secret.
std::optional<std::string> showable(const std::string& path, std::string text) {
  if (!is_utf8(text) || text.find('\0') != std::string::npos) return std::nullopt;
  if (!path.ends_with(".json")) return text;
  return json::Document::read(text).document ? flow::with_secret_members_starred(text)
                                             : flow::with_secret_lines_starred(text);
}

/// Lines of source files with their secrets masked. Keeps the last file and line: findings are sorted by path and line,
/// so each file is read, and each line searched, once.
class Sources {
 public:
  explicit Sources(const Validation& validation) : validation_(validation) {}

  /// The line, valid until the next call; null if there is none.
  SourceLine* line(const std::string& path, int number) {
    if (!validation_.text_of) return nullptr;
    if (!path_ || *path_ != path) open(path);
    if (number < 1 || static_cast<std::size_t>(number) > begins_.size()) return nullptr;
    if (number != number_) {
      const std::string_view rest = std::string_view(*text_).substr(begins_[static_cast<std::size_t>(number) - 1]);
      std::string_view line = rest.substr(0, rest.find('\n'));
      if (line.ends_with('\r')) line.remove_suffix(1);
      line_ = SourceLine(check::with_message_masked(line));
      number_ = number;
    }
    return &line_;
  }

 private:
  void open(const std::string& path) {
    path_ = path;
    number_ = 0;
    text_ = validation_.text_of(path);
    if (text_) text_ = showable(path, std::move(*text_));
    begins_.clear();
    if (!text_ || text_->empty()) return;
    begins_.push_back(0);
    for (std::size_t end = text_->find('\n'); end != std::string::npos && end + 1 < text_->size();
         end = text_->find('\n', end + 1)) {
      begins_.push_back(end + 1);
    }
  }

  const Validation& validation_;
  std::optional<std::string> path_;
  std::optional<std::string> text_;
  std::vector<std::size_t> begins_;
  /// The last line that was asked for, and its number; 0 for none.
  SourceLine line_;
  int number_ = 0;
};

std::string finding_line(const check::Finding& finding, const Style& style) {
  const std::string place = printable(place_of(finding)) + ":";
  const std::string severity = std::string(check::to_text(finding.severity)) + ":";
  return painted(place, Colour::bold, style) + " " + painted(severity, colour_of(finding.severity), style) + " " +
         printable(finding.message) + " " + painted("[" + printable(finding.rule) + "]", Colour::dim, style) + "\n";
}

std::string source_lines(SourceLine& line, const check::Finding& finding, const Style& style) {
  const Excerpt shown = line.around(finding.column);
  const std::string number = std::to_string(finding.line);
  const std::string margin(number.size(), ' ');
  return painted("  " + number + " |", Colour::dim, style) + " " + shown.line + "\n" +
         painted("  " + margin + " |", Colour::dim, style) + " " + shown.indent +
         painted("^", colour_of(finding.severity), style) + "\n";
}

}  // namespace

std::string findings_text(const Validation& validation, const Style& style) {
  Sources sources(validation);
  std::string text;
  if (style.quiet) {
    for (const check::Finding& finding : validation.findings) text += finding_line(finding, style);
    return text;
  }
  for (const Cause& cause : causes_of(validation.findings)) {
    const check::Finding& finding = *cause.first;
    text += finding_line(finding, style);
    if (SourceLine* const line = sources.line(finding.path, finding.line)) text += source_lines(*line, finding, style);
    for (const std::string& places : places_of(cause, style.verbose ? std::string::npos : kShownPlaces)) {
      text += "  " + printable(places) + "\n";
    }
    if (!finding.hint.empty()) text += "  " + hint_line(finding.hint, style);
    text += "\n";
  }
  return text;
}

std::string findings_summary(const Validation& validation, const Style& style) {
  const check::Counts counts = check::count(validation.findings);
  std::string text;
  const auto add = [&](int number, std::string_view noun, Colour colour) {
    if (number == 0) return;
    if (!text.empty()) text += ", ";
    text += painted(pluralize(number, noun), colour, style);
  };
  add(counts.errors, "error", Colour::red);
  add(counts.warnings, "warning", Colour::yellow);
  add(counts.notes, "note", Colour::blue);
  if (text.empty()) text = painted("No findings", Colour::green, style);
  // Findings can be about flows that did not change, and about files that can't be read as flows.
  std::set<std::string_view> flows;
  for (const check::Finding& finding : validation.findings) {
    if (!finding.flow_id.empty()) flows.insert(finding.flow_id);
  }
  const std::size_t most = std::max(static_cast<std::size_t>(validation.flows), flows.size());
  if (most > 0 || validation.findings.empty()) text += " in " + pluralize(most, "flow");
  const std::size_t causes = causes_of(validation.findings).size();
  return causes == validation.findings.size() ? text : text + " (" + pluralize(causes, "cause") + ")";
}

std::string validation_text(const Validation& validation, const Style& style) {
  std::string text = findings_text(validation, style);
  if (!style.quiet) text += findings_summary(validation, style) + "\n";
  return text;
}

}  // namespace flowship::report
