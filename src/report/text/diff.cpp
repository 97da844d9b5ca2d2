#include "report/text/sentence.hpp"
#include "report/text/text.hpp"

namespace flowship::report {

namespace {

/// How much is told of a flow, and of a text in it, unless the user asks for more.
constexpr std::size_t kMostStatements = 12;
constexpr int kCells = 60;
constexpr int kVerboseCells = 500;

Colour colour_of(flow::ChangeKind kind) {
  switch (kind) {
    case flow::ChangeKind::added:
      return Colour::green;
    case flow::ChangeKind::removed:
      return Colour::red;
    case flow::ChangeKind::changed:
    case flow::ChangeKind::moved:
      return Colour::yellow;
  }
  return Colour::yellow;
}

}  // namespace

std::string description_text(const flow::Description& description, const Style& style) {
  std::string text;
  std::size_t told = 0;
  for (const flow::Statement& statement : description) {
    // A line that says there is one more takes as much place as that one.
    if (!style.verbose && told == kMostStatements && description.size() > told + 1) {
      const int more = static_cast<int>(description.size() - told);
      return text + "      … and " + std::to_string(more) + " more (--verbose shows all)\n";
    }
    text += "      " + painted(sign_of(statement.kind), colour_of(statement.kind), style) + " " +
            sentence_text(statement, style.verbose ? kVerboseCells : kCells) + "\n";
    ++told;
  }
  return text;
}

std::string diff_text(const deploy::Diff& diff, const Style& style) {
  std::string text;
  for (const std::string& warning : diff.warnings) text += warning_line(warning, style);
  if (diff.changes.empty()) {
    if (style.quiet) return text;
    return text + "No flow differs between " + short_target(diff.before) + " and " + short_target(diff.after) + ".\n";
  }
  if (!style.quiet) {
    text += "From " + short_target(diff.before) + " to " + short_target(diff.after) + ":\n\n";
  }
  const int width = id_width(diff.changes);
  for (const deploy::Change& change : diff.changes) {
    text += change_line(change, width, style);
    if (!style.quiet) text += description_text(change.description(), style);
  }
  if (style.quiet) return text;
  return text + "\n" + pluralize(diff.changes.size(), "flow") + " differ" + (diff.changes.size() == 1 ? "s" : "") +
         ".\n";
}

}  // namespace flowship::report
