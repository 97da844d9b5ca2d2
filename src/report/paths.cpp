// Which paths of a flow lead to a session, as a list to test by.

#include "report/paths.hpp"

#include "check/rules/secrets.hpp"
#include "json/assembly.hpp"
#include "report/markdown.hpp"
#include "report/text/text.hpp"
#include "report/writers.hpp"

#include <sstream>

namespace flowship::report {

namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : std::string(between)) + part;
  return text;
}

/// As people see it: the name, with the id in parentheses.
std::string step_label(const flow::PathStep& step) {
  const std::string name = printable(check::with_message_masked(step.name));
  return name.empty() ? printable(step.task_id) : name + " (" + printable(step.task_id) + ")";
}

}  // namespace

PathLabels::PathLabels(const PathList& list) {
  for (const auto& [flow_id, graph] : list.graphs) {
    std::unordered_map<std::string, Step>& steps = steps_[flow_id];
    for (const flow::Edge& edge : graph.edges) {
      const flow::Task& from = graph.tasks[edge.from];
      const std::string label = printable(check::with_message_masked(edge.label));
      steps[from.id].ways.emplace(edge.interaction, label);
      if (!from.second_id.empty()) steps[from.second_id].ways.emplace(edge.interaction, label);
    }
  }
}

std::string PathLabels::of(const flow::Path& path) {
  std::string text;
  for (const flow::PathStep& each : path) {
    Step& step = steps_[each.flow_id][each.task_id];
    if (step.label.empty()) step.label = step_label(each);
    text += step.label;
    if (&each == &path.back()) break;
    const auto way = each.interaction ? step.ways.find(*each.interaction) : step.ways.end();
    if (way == step.ways.end() || way->second.empty()) {
      text += " → ";
    } else {
      text.append(" —").append(way->second).append("→ ");
    }
  }
  return text;
}

std::string factors_label(const flow::SimplePath& path) {
  return path.factors.empty() ? "no factor" : joined(path.factors, ", ");
}

std::string more_words(const flow::SimplePaths& found) {
  if (found.is_cut_short) return ", and perhaps more: there are too many ways to look at";
  return found.more ? ", and there are more (--limit N)" : "";
}

std::string summary_line(const PathList& list) {
  if (!list.assurance) return "No session can be reached.\n";
  std::vector<std::string> keys;
  for (const std::string& key : list.guarantees) keys.push_back(printable(check::with_secrets_masked(key)));
  return "assurance: " + pluralize(*list.assurance, "factor") +
         "\nevery path passes: " + (keys.empty() ? "nothing in common" : joined(keys, ", ")) + "\n";
}

json::Text path_step_text(const flow::PathStep& step) {
  return json::object({
      {"flowId", step.flow_id},
      {"task", step.task_id},
      {"name", check::with_message_masked(step.name)},
      {"interaction", step.interaction ? json::Text(*step.interaction) : json::Text()},
  });
}

std::string paths_json(const PathList& list, const Style&) {
  const auto path_text = [](const flow::SimplePath& path) {
    return json::object({{"steps", json::array(path.path, path_step_text)}, {"factors", json::strings(path.factors)}});
  };
  std::vector<std::string> guarantees;
  for (const std::string& key : list.guarantees) guarantees.push_back(check::with_secrets_masked(key));
  return json::document_text(json::object({
      {"schemaVersion", 1},
      {"ok", true},
      {"flowId", list.flow_id},
      {"paths", json::array(list.found.paths, path_text)},
      {"more", list.found.more},
      {"assurance", list.assurance ? json::Text(*list.assurance) : json::Text()},
      {"guarantees", json::strings(guarantees)},
  }));
}

std::string paths_text(const PathList& list, const Style& style) {
  const std::size_t count = list.found.paths.size();
  std::string text = painted(printable(list.flow_id), Colour::bold, style) + ": " + pluralize(count, "path") +
                     " to a session" + more_words(list.found) + "\n";
  PathLabels labels(list);
  for (std::size_t index = 0; index < count; ++index) {
    const flow::SimplePath& path = list.found.paths[index];
    text += "\n" + std::to_string(index + 1) + ". [" + factors_label(path) + "]\n   " + labels.of(path.path) + "\n";
  }
  return text + "\n" + summary_line(list);
}

std::string paths_markdown(const PathList& list, const Style&) {
  std::string text = "## " + markdown_code(list.flow_id) + "\n\n";
  PathLabels labels(list);
  for (const flow::SimplePath& path : list.found.paths) {
    text += "- [ ] " + markdown_words(labels.of(path.path)) + " — " + factors_label(path) + "\n";
  }
  if (list.found.more) text += "\n" + pluralize(list.found.paths.size(), "path") + more_words(list.found) + ".\n";
  std::istringstream summary(summary_line(list));
  text += "\n";
  for (std::string line; std::getline(summary, line);) text += "- " + markdown_words(line) + "\n";
  return text;
}

}  // namespace flowship::report
