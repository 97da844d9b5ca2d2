#include "check/rules/secrets.hpp"
#include "flow/describe/screen_texts.hpp"
#include "flow/graph/graph_diff.hpp"
#include "report/drawings/svg.hpp"
#include "report/html/markup.hpp"
#include "report/html/style.hpp"
#include "report/masking.hpp"
#include "report/text/characters.hpp"
#include "report/text/sentence.hpp"
#include "report/text/text.hpp"
#include "report/writers.hpp"

#include <algorithm>
#include <map>
#include <set>

// One page that shows a change: what is told of each flow, both versions as drawings, and the screens' texts side by
// side. It loads nothing and runs nothing.

namespace flowship::report {

namespace {

/// Of a text in a sentence, and of one in a table.
constexpr int kCells = 200;
constexpr int kTextCells = 2000;

/// Text that others wrote, its secrets masked.
std::string shown(std::string_view text) { return markup_text(check::with_secrets_masked(text)); }

std::string code(std::string_view text) { return "<code>" + shown(text) + "</code>"; }

std::string_view class_of(deploy::Action action) {
  switch (action) {
    case deploy::Action::create:
      return "added";
    case deploy::Action::update:
      return "changed";
    case deploy::Action::remove:
      return "removed";
  }
  return "";
}

std::string signed_text(std::string_view name, std::string_view sign) {
  return "<span class=\"sign\" title=\"" + std::string(name) + "\">" + std::string(sign) + "</span> ";
}

std::string sentence_html(const flow::Statement& statement) {
  return sentence(statement, kCells,
                  {.own = markup_text,
                   .foreign = markup_text,
                   .name = {"<code>", "</code>"},
                   .value = {"<code>", "</code>"},
                   .text = {"<q>", "</q>"}});
}

std::string sentences(const flow::Description& description) {
  if (description.empty()) return {};
  std::string text = "<ul class=\"sentences\">\n";
  for (const flow::Statement& statement : description) {
    const std::string_view kind = to_text(statement.kind);
    text += "<li class=\"" + std::string(kind) + "\">" + signed_text(kind, sign_of(statement.kind)) +
            sentence_html(statement) + "</li>\n";
  }
  return text + "</ul>\n";
}

std::string figure(const flow::Graph& graph, const std::string& caption, const std::string& id) {
  return "<figure><figcaption>" + caption +
         "</figcaption><div class=\"canvas\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"" +
         caption + "\">\n" + svg_drawing(with_secrets_masked(graph), {.id = id, .style = SvgOptions::Style::outside}) +
         "</div></figure>\n";
}

/// Whether a drawing of the one is a drawing of the other as well.
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

std::string figures(const deploy::Change& change, const flow::Description& description, const std::string& id) {
  if (change.before && change.flow) {
    const flow::GraphDiff graphs = flow::graph_diff(*change.before, *change.flow, description);
    if (are_drawn_alike(graphs, description)) {
      return figure(graphs.after, "Before and after: tasks and ways are the same", id + "-after");
    }
    return figure(graphs.before, "Before", id + "-before") + figure(graphs.after, "After", id + "-after");
  }
  if (change.flow) return figure(flow::graph_of(*change.flow), "New", id + "-after");
  return change.before ? figure(flow::graph_of(*change.before), "Before", id + "-before") : "";
}

const flow::Screen* screen_of(const std::optional<flow::Flow>& flow, const std::string& id) {
  if (!flow) return nullptr;
  const auto found = std::find_if(flow->screens.begin(), flow->screens.end(),
                                  [&](const flow::Screen& screen) { return screen.id == id; });
  return found == flow->screens.end() ? nullptr : &*found;
}

std::string text_row(const std::string& kind, const std::string* before, const std::string* after) {
  const bool differs = before == nullptr || after == nullptr || *before != *after;
  const auto cell = [&](const std::string* text, std::string_view name) {
    if (text == nullptr) return std::string("<td></td>");
    return "<td" + (differs ? " class=\"" + std::string(name) + "\"" : std::string()) + ">" +
           markup_text(fitting(check::with_secrets_masked(*text), kTextCells)) + "</td>";
  };
  return "<tr><td>" + markup_text(kind) + "</td>" + cell(before, "was") + cell(after, "is") + "</tr>\n";
}

/// A screen's texts as they were and as they are, element by element.
std::string text_table(const flow::Screen* before, const flow::Screen* after) {
  const auto texts_of = [](const flow::Screen* screen) {
    return screen == nullptr ? std::vector<flow::ScreenText>() : flow::screen_texts(*screen);
  };
  const std::vector<flow::ScreenText> olds = texts_of(before);
  const std::vector<flow::ScreenText> news = texts_of(after);
  std::map<std::string, const flow::ScreenText*> by_node;
  for (const flow::ScreenText& old : olds) by_node.emplace(old.node_id, &old);
  std::string rows;
  std::set<std::string> told;
  for (const flow::ScreenText& now : news) {
    const auto old = by_node.find(now.node_id);
    rows += text_row(now.kind, old == by_node.end() ? nullptr : &old->second->text, &now.text);
    told.insert(now.node_id);
  }
  for (const flow::ScreenText& old : olds) {
    if (!told.contains(old.node_id)) rows += text_row(old.kind, &old.text, nullptr);
  }
  if (rows.empty()) return {};
  return "<table class=\"texts\"><thead><tr><th>element</th><th>before</th><th>after</th></tr></thead><tbody>\n" +
         rows + "</tbody></table>\n";
}

/// The texts of the screens that the description tells of.
std::string texts(const deploy::Change& change, const flow::Description& description) {
  std::string text;
  std::set<std::string> told;
  for (const flow::Statement& statement : description) {
    if (statement.topic != flow::Topic::screens || !told.insert(statement.subject).second) continue;
    const flow::Screen* before = screen_of(change.before, statement.subject);
    const flow::Screen* after = screen_of(change.flow, statement.subject);
    const std::string table = text_table(before, after);
    if (table.empty()) continue;
    const flow::Screen& named = after == nullptr ? *before : *after;
    text += "<h3>Screen " + code(named.file_name.empty() ? named.id : named.file_name) + "</h3>\n" + table;
  }
  return text;
}

std::string section(const deploy::Change& change, const std::string& id) {
  const flow::Description description = change.description();
  return "<section id=\"" + id + "\"><h2 class=\"" + std::string(class_of(change.action)) + "\">" +
         signed_text(to_text(change.action), sign_of(change.action, {})) + shown(change.flow_id) +
         "</h2>\n<p class=\"soft\">" + code(place_of(change.paths)) + "</p>\n" + sentences(description) +
         figures(change, description, id) + texts(change, description) + "</section>\n";
}

std::string overview(const std::vector<deploy::Change>& changes) {
  std::string text = "<table class=\"overview\">\n";
  int number = 0;
  for (const deploy::Change& change : changes) {
    text += "<tr><td class=\"" + std::string(class_of(change.action)) + "\">" +
            signed_text(to_text(change.action), sign_of(change.action, {})) + "<a href=\"#flow-" +
            std::to_string(++number) + "\">" + shown(change.flow_id) + "</a></td><td>" +
            std::string(to_text(change.reason)) + "</td><td>" + description_summary(change, change.description()) +
            "</td></tr>\n";
  }
  return text + "</table>\n";
}

std::string legend() {
  std::string text = "<ul class=\"legend\">";
  for (const auto kind : {flow::ChangeKind::added, flow::ChangeKind::changed, flow::ChangeKind::removed}) {
    const std::string word(to_text(kind));
    text += "<li class=\"" + word + "\">" + signed_text(word, sign_of(kind)) + word + "</li>";
  }
  return text + "</ul>\n";
}

std::string page(const std::string& title, const std::string& subtitle, const std::vector<std::string>& warnings,
                 const std::vector<deploy::Change>& changes) {
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<title>" +
      title + "</title>\n<style>\n";
  text.append(page_style()).append(svg_style());
  text += "</style>\n</head>\n<body>\n<header>\n<h1>" + title + "</h1>\n<p class=\"soft\">" + subtitle + "</p>\n";
  for (const std::string& warning : warnings) text += "<p class=\"warning\">" + shown(warning) + "</p>\n";
  text += changes.empty() ? "<p>No flow differs.</p>\n" : overview(changes) + legend();
  text += "</header>\n<main>\n";
  int number = 0;
  for (const deploy::Change& change : changes) text += section(change, "flow-" + std::to_string(++number));
  return text + "</main>\n<footer>Written by flowship.</footer>\n</body>\n</html>\n";
}

std::string plan(const deploy::Plan& plan, const Style&) {
  std::vector<std::string> warnings = plan.warnings;
  for (const check::Finding& finding : plan.findings) {
    if (finding.severity == check::Severity::error) {
      warnings.push_back(finding.path + ":" + std::to_string(finding.line) + ": " + finding.message);
    }
  }
  const std::string base =
      plan.base ? " against what is deployed (record " + plan.base->abbreviated() + ")" : ", the first deployment";
  return page("Plan for " + shown(plan.environment),
              shown(short_target(plan.target)) + base + ", " + pluralize(plan.unchanged, "flow") + " unchanged",
              warnings, plan.changes);
}

std::string diff(const deploy::Diff& diff, const Style&) {
  return page("Flows that changed",
              "From " + shown(short_target(diff.before)) + " to " + shown(short_target(diff.after)), diff.warnings,
              diff.changes);
}

}  // namespace

Format html_format() {
  return {.name = "html",
          .summary = "a page with both versions drawn and the screens' texts side by side, for --out FILE",
          .is_page = true,
          .plan = plan,
          .diff = diff};
}

}  // namespace flowship::report
