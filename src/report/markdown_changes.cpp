#include "base/text/printable.hpp"
#include "flow/graph/graph_diff.hpp"
#include "report/drawings/mermaid.hpp"
#include "report/markdown.hpp"
#include "report/masking.hpp"
#include "report/text/sentence.hpp"
#include "report/text/text.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

/// Statements of one flow.
constexpr std::size_t kMostStatements = 150;
/// Room for the note on what was cut.
constexpr std::size_t kNote = 400;

std::string_view sign_of(deploy::Action action) {
  switch (action) {
    case deploy::Action::create:
      return "➕";
    case deploy::Action::update:
      return "✏️";
    case deploy::Action::remove:
      return "➖";
  }
  return "";
}

std::string_view sign_of_line(flow::ChangeKind kind) {
  switch (kind) {
    case flow::ChangeKind::added:
      return "➕";
    case flow::ChangeKind::removed:
      return "➖";
    case flow::ChangeKind::changed:
      return "✏️";
    case flow::ChangeKind::moved:
      return "↔️";
  }
  return "";
}

std::string description_list(const flow::Description& description) {
  std::string text;
  std::size_t told = 0;
  for (const flow::Statement& statement : description) {
    if (told == kMostStatements) {
      return text + "- … and " + std::to_string(description.size() - told) + " more\n";
    }
    text.append("- ").append(sign_of_line(statement.kind)).append(" ");
    text += markdown_sentence(statement) + "\n";
    ++told;
  }
  return text;
}

/// A diagram of what the flow was and is.
std::string diagram(const deploy::Change& change, const flow::Description& description) {
  if (!change.flow && !change.before) return {};
  const flow::Graph graph = change.flow && change.before
                                ? flow::merged(flow::graph_diff(*change.before, *change.flow, description))
                                : flow::graph_of(change.flow ? *change.flow : *change.before);
  return "\n```mermaid\n" + mermaid_drawing(with_secrets_masked(graph)) + "```\n";
}

std::vector<std::string> row(const deploy::Change& change, const flow::Description& description) {
  return {std::string(sign_of(change.action)), markdown_code(change.flow_id), std::string(to_text(change.action)),
          change.reason == deploy::Reason::config ? "by configuration" : description_summary(change, description),
          markdown_code(place_of(change.paths))};
}

std::string table(const std::vector<deploy::Change>& changes, std::size_t room) {
  std::vector<std::vector<std::string>> rows;
  for (const deploy::Change& change : changes) rows.push_back(row(change, change.description()));
  return markdown_table({" ", "flow", "action", "what", "where"}, rows, room);
}

std::string drift_text(const deploy::Plan& plan, std::size_t room) {
  if (!plan.drift || plan.drift->empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const deploy::Drift& flow : *plan.drift) {
    std::string what = flow.missing ? "gone from the service" : "";
    for (const deploy::DriftDifference& difference : flow.differences) {
      what += (what.empty() ? "" : "<br>") + markdown_code(difference.pointer);
    }
    rows.push_back({markdown_code(flow.flow_id), what});
  }
  return "**Drift**: the service holds something else than was deployed.\n\n" +
         markdown_table({"flow", "what was edited there"}, rows, room);
}

std::string counts(const deploy::Plan& plan) {
  const auto number = [&](deploy::Action action) {
    return std::to_string(std::count_if(plan.changes.begin(), plan.changes.end(),
                                        [action](const deploy::Change& change) { return change.action == action; }));
  };
  return "**" + number(deploy::Action::create) + " to create, " + number(deploy::Action::update) + " to update, " +
         number(deploy::Action::remove) + " to delete, " + std::to_string(plan.unchanged) + " unchanged.**\n\n";
}

/// A collapsed section for each change, as long as they and `foot` fit.
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
    std::string open = "<details><summary>" + std::string(sign_of(change.action)) + " " +
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
    text += "Cut to what GitHub takes: " + pluralize(sections, "section") + " and " + pluralize(diagrams, "diagram") +
            " are not shown. `flowship plan --verbose` and `flowship diff --verbose` tell everything.\n";
  }
  return text;
}

}  // namespace

std::string markdown_plan(const deploy::Plan& plan, std::size_t most) {
  std::string text = "### flowship plan: " + markdown_code(plan.environment) + "\n\n";
  text += markdown_words(short_target(plan.target)) +
          (plan.base ? " against what is deployed (record " + markdown_code(plan.base->abbreviated()) + ")"
                     : ", the first deployment") +
          "\n\n";
  // Each table may have half of what is left, and the sections take the rest.
  const auto half = [&] { return (most - text.size()) / 2; };
  text += markdown_warnings(plan.warnings, half() / 2);
  text += markdown_findings(plan.findings, half());
  text += drift_text(plan, half());
  if (!plan.has_changes()) {
    return text + "Nothing to do: what is deployed is up to date (" + pluralize(plan.unchanged, "flow") +
           " unchanged).\n";
  }
  text += table(plan.changes, half()) + counts(plan);
  const std::string foot =
      check::count(plan.findings).errors > 0 ? "Nothing is sent as long as there are errors.\n" : "";
  return with_sections(std::move(text), plan.changes, foot, most);
}

std::string markdown_diff(const deploy::Diff& diff, std::size_t most) {
  std::string text = "### flowship diff: " + markdown_words(short_target(diff.before)) + " → " +
                     markdown_words(short_target(diff.after)) + "\n\n" + markdown_warnings(diff.warnings, most / 4);
  if (diff.changes.empty()) return text + "No flow differs.\n";
  return with_sections(text + table(diff.changes, (most - text.size()) / 2), diff.changes, "", most);
}

}  // namespace flowship::report
