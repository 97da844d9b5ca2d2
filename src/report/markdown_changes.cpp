#include "base/text/printable.hpp"
#include "flow/graph/graph_diff.hpp"
#include "flow/graph/path_marks.hpp"
#include "report/drawings/mermaid.hpp"
#include "report/markdown.hpp"
#include "report/masking.hpp"
#include "report/text/sentence.hpp"
#include "report/text/text.hpp"
#include "report/wording.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

/// Sentences about one flow.
constexpr std::size_t kMostSentences = 150;
/// Room for the note on what was cut.
constexpr std::size_t kNote = 400;

constexpr std::string_view kAdded = "➕";
constexpr std::string_view kChanged = "✏️";
constexpr std::string_view kRemoved = "➖";

std::string_view emoji_of(deploy::Action action) {
  if (action == deploy::Action::update) return kChanged;
  return action == deploy::Action::create ? kAdded : kRemoved;
}

std::string_view emoji_of(flow::ChangeKind kind) {
  if (kind == flow::ChangeKind::moved) return "↔️";
  if (kind == flow::ChangeKind::changed) return kChanged;
  return kind == flow::ChangeKind::added ? kAdded : kRemoved;
}

std::string description_list(const flow::Description& description) {
  std::string text;
  std::size_t shown = 0;
  for (const flow::Statement& statement : description) {
    if (shown == kMostSentences) {
      return text + "- … and " + std::to_string(description.size() - shown) + " more\n";
    }
    text.append("- ").append(emoji_of(statement.kind)).append(" ");
    text += markdown_sentence(statement) + "\n";
    ++shown;
  }
  return text;
}

/// A diagram of both versions merged.
std::string diagram(const deploy::Change& change, const flow::Description& description) {
  if (!change.flow && !change.before) return {};
  flow::Graph graph = change.flow && change.before
                          ? flow::merged(flow::graph_diff(*change.before, *change.flow, description))
                          : flow::graph_of(change.flow ? *change.flow : *change.before);
  for (const deploy::Change::OpenPath& open : change.open_paths) flow::mark_path(graph, open.path, open.factor);
  return "\n```mermaid\n" + mermaid_drawing(with_secrets_masked(graph)) + "```\n";
}

std::vector<std::string> change_row(const deploy::Change& change, const flow::Description& description) {
  return {std::string(emoji_of(change.action)), markdown_code(change.flow_id), std::string(to_text(change.action)),
          change.reason == deploy::Reason::config ? "by configuration" : description_summary(change, description),
          markdown_code(place_of(change.paths))};
}

std::string change_table(const std::vector<deploy::Change>& changes, std::size_t room) {
  std::vector<std::vector<std::string>> rows;
  for (const deploy::Change& change : changes) rows.push_back(change_row(change, change.description()));
  return markdown_table({" ", "flow", "action", "what", "where"}, rows, room);
}

constexpr int kDriftWidth = 60;

std::string drift_table(const deploy::Plan& plan, std::size_t room) {
  if (!plan.drift || plan.drift->empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const deploy::Drift& flow : *plan.drift) {
    std::string what = markdown_words(flow.sentence());
    constexpr std::size_t kMost = 5;
    for (std::size_t number = 0; number < std::min(flow.edits.size(), kMost); ++number) {
      what += "<br>" + markdown_words(sentence_text(flow.edits[number], kDriftWidth));
    }
    if (flow.edits.size() > kMost) what += "<br>… and " + std::to_string(flow.edits.size() - kMost) + " more";
    rows.push_back({markdown_code(flow.flow_id), what});
  }
  return "**Drift**\n\n" + markdown_table({"flow", "what happened"}, rows, room);
}

/// A collapsed section per change, as far as they fit before `foot`.
std::string with_sections(std::string head, const std::vector<deploy::Change>& changes, const std::string& foot,
                          std::size_t most) {
  std::string text = std::move(head);
  int diagrams = 0;
  int sections = 0;
  const auto fits = [&](const std::string& more) { return text.size() + more.size() + foot.size() + kNote < most; };
  for (const deploy::Change& change : changes) {
    const flow::Description description = change.description();
    const std::string drawn = diagram(change, description);
    if (description.empty() && drawn.empty()) continue;
    std::string open = "<details><summary>" + std::string(emoji_of(change.action)) + " " +
                       markdown_code(change.flow_id) + ": " + description_summary(change, description) +
                       "</summary>\n\n" + description_list(description);
    const std::string close = "\n</details>\n\n";
    if (fits(open + drawn + close)) {
      text += open + drawn + close;
    } else if (!description.empty() && fits(open + close)) {
      text += open + close;
      ++diagrams;
    } else {
      ++sections;
    }
  }
  text += foot;
  if (diagrams + sections > 0) {
    text += "Truncated to GitHub's size limit: " + pluralize(sections, "section") + " and " +
            pluralize(diagrams, "diagram") +
            " not shown. `flowship plan --verbose` and `flowship diff --verbose` show everything.\n";
  }
  return text;
}

std::string gains_list(const std::vector<deploy::GuaranteeChange>& guarantees, const Style& style, std::size_t room) {
  std::vector<std::string> lines;
  for (const std::string& sentence : gain_sentences(guarantees, style)) {
    lines.push_back("- ✅ " + markdown_words(sentence) + "\n");
  }
  const std::string text = fitting_lines(lines, room, "gain");
  return text.empty() ? text : text + "\n";
}

}  // namespace

std::string markdown_plan(const deploy::Plan& plan, const Style& style, std::size_t most) {
  std::string text = "### flowship plan: " + markdown_code(plan.environment) + "\n\n";
  text += markdown_words(short_target(plan.target)) + base_text(plan) + "\n\n";
  // Each table may take half of the room that is left, the sections take the rest.
  const auto half = [&] { return (most - text.size()) / 2; };
  text += markdown_warnings(plan.warnings, half() / 2);
  text += markdown_findings(shown_findings(plan.findings, plan.guarantees, style), half());
  text += gains_list(plan.guarantees, style, half() / 2);
  text += drift_table(plan, half());
  if (!plan.has_changes()) {
    if (plan.drift && !plan.drift->empty()) return text;
    std::string words = up_to_date_text(plan);
    if (words.empty()) return text;
    words.pop_back();
    std::replace(words.begin(), words.end(), '\n', ' ');
    return text + markdown_words(words) + "\n";
  }
  text += change_table(plan.changes, half()) + "**" + counts_text(plan) + ".**\n\n";
  const std::string foot =
      check::count(plan.findings).errors > 0 ? "Nothing is deployed while there are errors.\n" : "";
  return with_sections(std::move(text), plan.changes, foot, most);
}

std::string markdown_diff(const deploy::Diff& diff, const Style& style, std::size_t most) {
  std::string text = "### flowship diff: " + markdown_words(short_target(diff.before)) + " → " +
                     markdown_words(short_target(diff.after)) + "\n\n" + markdown_warnings(diff.warnings, most / 4) +
                     markdown_findings(shown_findings(diff.findings, diff.guarantees, style), most / 4) +
                     gains_list(diff.guarantees, style, most / 8);
  if (diff.changes.empty()) return text + "No flows changed.\n";
  return with_sections(text + change_table(diff.changes, (most - text.size()) / 2), diff.changes, "", most);
}

}  // namespace flowship::report
