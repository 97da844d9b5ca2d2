#include "base/version.hpp"
#include "check/rules/secrets.hpp"
#include "flow/describe/screen_texts.hpp"
#include "flow/graph/graph_diff.hpp"
#include "flow/graph/path_marks.hpp"
#include "report/causes.hpp"
#include "report/drawings/svg.hpp"
#include "report/html/assets.hpp"
#include "report/html/skeletons.hpp"
#include "report/masking.hpp"
#include "report/paths.hpp"
#include "report/text/characters.hpp"
#include "report/text/sentence.hpp"
#include "report/text/text.hpp"
#include "report/wording.hpp"
#include "report/writers.hpp"

#include <algorithm>
#include <map>
#include <set>

// One page that shows a change (a description of each flow, both versions drawn, and screen texts side by side), or the
// paths of a flow. It loads and runs nothing.

namespace flowship::report {

namespace {

/// Display width of a text in a sentence, and in a table.
constexpr int kSentenceWidth = 200;
constexpr int kTableWidth = 2000;

Markup filled(std::string_view name, std::initializer_list<std::pair<std::string_view, Markup>> values = {}) {
  static const Skeletons skeletons(page_skeletons());
  return skeletons.fill(name, values);
}

/// Text that others wrote, its secrets masked.
Markup shown(std::string_view text) { return check::with_secrets_masked(text); }

std::string_view class_of(deploy::Action action) {
  if (action == deploy::Action::update) return "changed";
  return action == deploy::Action::create ? "added" : "removed";
}

Markup sentences(const flow::Description& description) {
  Markup items;
  for (const flow::Statement& statement : description) {
    const std::string text = sentence(statement, kSentenceWidth,
                                      {.own = markup_text,
                                       .foreign = markup_text,
                                       .name = {"<code>", "</code>"},
                                       .value = {"<code>", "</code>"},
                                       .text = {"<q>", "</q>"}});
    items += filled(
        "sentence",
        {{"kind", to_text(statement.kind)}, {"sign", sign_of(statement.kind)}, {"sentence", Markup::verbatim(text)}});
  }
  return items.empty() ? items : filled("sentences", {{"items", items}});
}

/// The drawing, fitted to the page; `section` is where the link back from its full size leads.
Markup figure(const flow::Graph& graph, std::string_view caption, const std::string& id, const std::string& section) {
  const SvgOptions options{.id = id, .style = SvgOptions::Style::outside};
  const std::optional<FirstLook> look = first_look(graph);
  return filled("figure", {{"caption", caption},
                           {"label", shown(graph.flow_id + ": " + std::string(caption))},
                           {"id", id},
                           {"section", section},
                           {"drawing", Markup::verbatim(svg_drawing(with_secrets_masked(graph), options))},
                           {"look", look ? filled("look", {{"left", look->left}, {"top", look->top}}) : Markup()}});
}

/// True if both versions have the same drawing.
bool are_drawn_alike(const flow::GraphDiff& graphs, const flow::Description& description) {
  const auto is_marked = [](const auto& part) { return part.mark != flow::Mark::none; };
  const auto has_marks = [&](const flow::Graph& graph) {
    return std::any_of(graph.tasks.begin(), graph.tasks.end(), is_marked) ||
           std::any_of(graph.edges.begin(), graph.edges.end(), is_marked);
  };
  const auto is_drawn = [](const flow::Statement& statement) {
    return statement.topic == flow::Topic::tasks || statement.topic == flow::Topic::rules;
  };
  return !has_marks(graphs.before) && !has_marks(graphs.after) &&
         std::none_of(description.begin(), description.end(), is_drawn);
}

Markup figures(const deploy::Change& change, const flow::Description& description, const std::string& id) {
  if (change.before && change.flow) {
    flow::GraphDiff graphs = flow::graph_diff(*change.before, *change.flow, description);
    for (const deploy::Change::OpenPath& open : change.open_paths)
      flow::mark_path(graphs.after, open.path, open.factor);
    if (are_drawn_alike(graphs, description)) {
      const std::string_view caption = "Before and after: same tasks and transitions";
      return filled("unchanged", {{"summary", caption}, {"content", figure(graphs.after, caption, id + "-after", id)}});
    }
    const char* caption =
        change.open_paths.empty() ? "After" : "After. The thick path is newly open; it goes around what is dashed.";
    return figure(graphs.before, "Before", id + "-before", id) + figure(graphs.after, caption, id + "-after", id);
  }
  if (change.flow) return figure(flow::graph_of(*change.flow), "New", id + "-after", id);
  return change.before ? figure(flow::graph_of(*change.before), "Before", id + "-before", id) : Markup();
}

const flow::Screen* screen_of(const std::optional<flow::Flow>& flow, const std::string& id) {
  if (!flow) return nullptr;
  const auto found = std::find_if(flow->screens.begin(), flow->screens.end(),
                                  [&](const flow::Screen& screen) { return screen.id == id; });
  return found == flow->screens.end() ? nullptr : &*found;
}

/// Rows of a table, with what both sides have alike apart.
struct TextRows {
  Markup changed;
  Markup same;
  std::size_t same_count = 0;
};

void add_text_row(std::string_view kind, const std::string* before, const std::string* after, TextRows& rows) {
  const bool differs = before == nullptr || after == nullptr || *before != *after;
  const auto cell = [&](const std::string* text, std::string_view side) {
    if (text == nullptr) return filled("text-cell", {{"class", "none"}, {"text", ""}});
    const std::string masked = check::with_message_masked(*text);
    return filled("text-cell", {{"class", differs ? side : "same"}, {"text", fitting(masked, kTableWidth)}});
  };
  Markup& place = differs ? rows.changed : rows.same;
  place += filled("text-row", {{"kind", kind}, {"before", cell(before, "was")}, {"after", cell(after, "is")}});
  if (!differs) ++rows.same_count;
}

/// The rows that compare a screen's texts, element by element.
TextRows text_rows(const flow::Screen* before, const flow::Screen* after) {
  const auto texts_of = [](const flow::Screen* screen) {
    return screen == nullptr ? std::vector<flow::ScreenText>() : flow::screen_texts(*screen);
  };
  const std::vector<flow::ScreenText> olds = texts_of(before);
  std::map<std::string, const flow::ScreenText*> by_node;
  for (const flow::ScreenText& old : olds) by_node.emplace(old.node_id, &old);
  TextRows rows;
  std::set<std::string> shown_nodes;
  for (const flow::ScreenText& now : texts_of(after)) {
    const auto old = by_node.find(now.node_id);
    add_text_row(now.kind, old == by_node.end() ? nullptr : &old->second->text, &now.text, rows);
    shown_nodes.insert(now.node_id);
  }
  for (const flow::ScreenText& old : olds) {
    if (!shown_nodes.contains(old.node_id)) add_text_row(old.kind, &old.text, nullptr, rows);
  }
  return rows;
}

/// The texts of the screens that the description mentions.
Markup texts(const deploy::Change& change, const flow::Description& description) {
  Markup tables;
  std::set<std::string> screens;
  for (const flow::Statement& statement : description) {
    if (statement.topic != flow::Topic::screens || !screens.insert(statement.subject).second) continue;
    const flow::Screen* before = screen_of(change.before, statement.subject);
    const flow::Screen* after = screen_of(change.flow, statement.subject);
    const TextRows rows = text_rows(before, after);
    if (rows.changed.empty() && rows.same.empty()) continue;
    const flow::Screen& named = after == nullptr ? *before : *after;
    tables += filled("screen", {{"screen", shown(named.file_name.empty() ? named.id : named.file_name)}});
    if (!rows.changed.empty()) tables += filled("texts", {{"rows", rows.changed}});
    if (rows.same.empty()) continue;
    tables += filled("unchanged", {{"summary", pluralize(rows.same_count, "unchanged text")},
                                   {"content", filled("texts", {{"rows", rows.same}})}});
  }
  return tables;
}

/// "2 flows created, 1 updated", and how much differs in all.
std::string summary_of(const std::vector<deploy::Change>& changes, std::size_t differences) {
  const auto number = [&](deploy::Action action) {
    return std::count_if(changes.begin(), changes.end(),
                         [&](const deploy::Change& change) { return change.action == action; });
  };
  std::string text;
  const auto add = [&](deploy::Action action, const char* word) {
    if (const auto count = number(action)) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + word;
  };
  add(deploy::Action::create, "new");
  add(deploy::Action::update, "changed");
  add(deploy::Action::remove, "gone");
  if (text.empty()) return text;
  return pluralize(changes.size(), "flow") + ": " + text + "; " + pluralize(differences, "difference") + " in all.";
}

/// Who wrote the page, and when.
Markup origin(const Style& style) {
  return "Written by flowship " + std::string(version()) + (style.now ? ", " + to_rfc3339(*style.now) : "") + ".";
}

Markup page(const std::string& title, const std::string& subtitle, const std::vector<std::string>& warnings,
            const std::vector<deploy::Change>& changes, const Style& style) {
  Markup notes;
  for (const std::string& warning : warnings) notes += filled("warning", {{"text", shown(warning)}});
  Markup rows;
  Markup sections;
  int number = 0;
  std::size_t differences = 0;
  for (const deploy::Change& change : changes) {
    const flow::Description description = change.description();
    differences += description.size();
    const std::string id = "flow-" + std::to_string(++number);
    const Markup action = to_text(change.action);
    const Markup sign = sign_of(change.action, {});
    const Markup flow = shown(change.flow_id);
    rows += filled("overview-row", {{"class", class_of(change.action)},
                                    {"action", action},
                                    {"sign", sign},
                                    {"id", id},
                                    {"flow", flow},
                                    {"reason", to_text(change.reason)},
                                    {"summary", description_summary(change, description)}});
    sections += filled("section", {{"class", class_of(change.action)},
                                   {"action", action},
                                   {"sign", sign},
                                   {"id", id},
                                   {"flow", flow},
                                   {"place", shown(place_of(change.paths))},
                                   {"sentences", sentences(description)},
                                   {"figures", figures(change, description, id)},
                                   {"texts", texts(change, description)}});
  }
  return filled(
      "page",
      {{"title", shown(title)},
       {"style", Markup::verbatim(std::string(page_style()).append(canvas_style()).append(svg_style()))},
       {"subtitle", shown(subtitle)},
       {"origin", origin(style)},
       {"summary", changes.empty() ? Markup() : filled("summary", {{"text", summary_of(changes, differences)}})},
       {"warnings", notes},
       {"overview", changes.empty() ? filled("no-changes") : filled("overview", {{"rows", rows}})},
       {"sections", sections}});
}

/// What guarantees are lost, errors, and what guarantees are gained, before everything else.
template <typename Result>
std::vector<std::string> notes_of(const Result& result, const Style& style) {
  std::vector<std::string> notes;
  const std::vector<check::Finding> findings = shown_findings(result.findings, result.guarantees, style);
  for (const Cause& cause : causes_of(findings)) {
    const bool is_lost = cause.first->rule == check::kGuaranteeRule;
    if (!is_lost && cause.first->severity != check::Severity::error) continue;
    notes.push_back(is_lost ? cause.first->message : cause_line(cause));
  }
  for (std::string& gain : gain_sentences(result.guarantees, style)) notes.push_back(std::move(gain));
  notes.insert(notes.end(), result.warnings.begin(), result.warnings.end());
  return notes;
}

std::string plan_html(const deploy::Plan& plan, const Style& style) {
  return page("Plan for " + plan.environment,
              short_target(plan.target) + base_text(plan) + ", " + pluralize(plan.unchanged, "flow") + " unchanged",
              notes_of(plan, style), plan.changes, style)
      .str();
}

std::string diff_html(const deploy::Diff& diff, const Style& style) {
  return page("Changed flows", "From " + short_target(diff.before) + " to " + short_target(diff.after),
              notes_of(diff, style), diff.changes, style)
      .str();
}

std::string paths_html(const PathList& list, const Style& style) {
  Markup items;
  PathLabels labels(list);
  for (const flow::SimplePath& path : list.found.paths) {
    items += filled("path", {{"factors", factors_label(path)}, {"path", labels.of(path.path)}});
  }
  return filled("page",
                {{"title", shown("Paths of " + list.flow_id + " to a session")},
                 {"style", Markup::verbatim(std::string(page_style()).append(canvas_style()).append(svg_style()))},
                 {"subtitle",
                  pluralize(list.found.paths.size(), "path") + more_words(list.found) + "; " + summary_line(list)},
                 {"origin", origin(style)},
                 {"summary", Markup()},
                 {"warnings", Markup()},
                 {"overview", filled("paths", {{"items", items}})},
                 {"sections", figure(list.graph, "The tasks on these paths", "paths", "top")}})
      .str();
}

}  // namespace

Format html_format() {
  return {.name = "html",
          .summary = "a page with both versions drawn and screen texts side by side, for --out FILE",
          .is_page = true,
          .plan = plan_html,
          .diff = diff_html,
          .paths = paths_html};
}

}  // namespace flowship::report
