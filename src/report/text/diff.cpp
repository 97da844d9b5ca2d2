#include "report/text/sentence.hpp"
#include "report/text/text.hpp"

#include <set>

namespace flowship::report {

namespace {

/// Limits of a description, unless the user asks for more.
constexpr std::size_t kMostLines = 12;
constexpr int kLineWidth = 60;
constexpr int kVerboseWidth = 500;

Colour colour_of(flow::ChangeKind kind) {
  if (kind == flow::ChangeKind::added) return Colour::green;
  return kind == flow::ChangeKind::removed ? Colour::red : Colour::yellow;
}

}  // namespace

std::string description_text(const flow::Description& description, const Style& style) {
  std::string text;
  std::size_t shown = 0;
  for (const flow::Statement& statement : description) {
    // A line that announces one more would be as long as that one.
    if (!style.verbose && shown == kMostLines && description.size() > shown + 1) {
      const int more = static_cast<int>(description.size() - shown);
      return text + "      … and " + std::to_string(more) + " more (--verbose shows all)\n";
    }
    text += "      " + painted(sign_of(statement.kind), colour_of(statement.kind), style) + " " +
            sentence_text(statement, style.verbose ? kVerboseWidth : kLineWidth) + "\n";
    ++shown;
  }
  return text;
}

std::string diff_text(const deploy::Diff& diff, const Style& style) {
  std::vector<std::string> warnings = diff.warnings;
  // Losses have a line of their own below, but not what could not be compared.
  std::set<std::string> compared;
  for (const deploy::GuaranteeChange& change : diff.guarantees) compared.insert(change.flow_id);
  for (const check::Finding& finding : diff.findings) {
    if (!compared.contains(finding.flow_id)) warnings.push_back(finding.message);
  }
  std::string text = warning_lines(warnings, style);
  if (diff.changes.empty()) {
    if (style.quiet) return text;
    return text + "No flows differ between " + short_target(diff.before) + " and " + short_target(diff.after) + ".\n";
  }
  if (!style.quiet) {
    text += "From " + short_target(diff.before) + " to " + short_target(diff.after) + ":\n\n";
  }
  text += guarantee_lines(diff.guarantees, style);
  const int width = id_width(diff.changes);
  for (const deploy::Change& change : diff.changes) {
    text += change_line(change, width, style);
    if (!style.quiet) text += description_text(change.description(), style);
  }
  if (check::count(diff.findings).errors > 0) {
    text += "\nA guarantee is lost or was not compared, and `guarantees` in flowship.json calls that an error.\n";
  }
  if (style.quiet) return text;
  return text + "\n" + pluralize(diff.changes.size(), "flow") + " differ" + (diff.changes.size() == 1 ? "s" : "") +
         ".\n";
}

}  // namespace flowship::report
