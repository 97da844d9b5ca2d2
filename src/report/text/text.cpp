#include "report/text/text.hpp"

#include "base/files/path.hpp"
#include "base/text/printable.hpp"
#include "report/drawings/task_order.hpp"
#include "report/wording.hpp"
#include "report/writers.hpp"

#include <algorithm>
#include <array>

namespace flowship::report {

namespace {

/// Escape sequences in the order of `Colour`.
constexpr std::array kCodes{"\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[1m", "\x1b[2m"};

}  // namespace

std::string painted(std::string_view text, Colour colour, const Style& style) {
  if (!style.colour) return std::string(text);
  return std::string(kCodes.at(static_cast<std::size_t>(colour))).append(text).append("\x1b[0m");
}

std::string short_target(std::string_view target) {
  const bool commit = target.size() >= 40 && std::all_of(target.begin(), target.end(), [](char digit) {
                        return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
                      });
  if (target == "index") return "the index";
  if (target == "worktree") return "the working tree";
  return commit ? std::string(target.substr(0, 8)) : printable(target);
}

std::string place_of(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  if (paths.size() == 1) return printable(paths.front());
  std::string_view folder = folder_of(paths.front());
  const auto is_inside = [&](const std::string& path) {
    return folder.empty() || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
  };
  while (!std::all_of(paths.begin(), paths.end(), is_inside)) folder = folder_of(folder);
  return folder.empty() ? "./" : printable(folder) + "/";
}

std::string warning_lines(const std::vector<std::string>& warnings, const Style& style) {
  std::string text;
  for (const std::string& warning : warnings) {
    text += painted("warning:", Colour::yellow, style) + " " + printable(warning) + "\n";
  }
  return text;
}

std::string hint_line(std::string_view hint, const Style& style) {
  return hint.empty() ? "" : painted("hint:", Colour::blue, style) + " " + printable(hint) + "\n";
}

Asked asked_of(const deploy::Plan& plan) {
  if (!plan.drift) return Asked::no;
  return plan.not_compared > 0 ? Asked::list : Asked::everything;
}

std::string chosen_text(const std::vector<std::string>& chosen) {
  constexpr std::size_t kMostNamed = 5;
  if (chosen.size() > kMostNamed) return "the " + std::to_string(chosen.size()) + " named flows";
  std::string text;
  for (const std::string& flow_id : chosen) text += (text.empty() ? "`" : ", `") + printable(flow_id) + "`";
  return text;
}

std::string up_to_date_text(const std::string& environment, const std::vector<std::string>& chosen,
                            const std::string& target, int unchanged, Asked asked) {
  if (!chosen.empty()) {
    const std::string state =
        chosen_text(chosen) + (chosen.size() > 1 ? " are" : " is") + " as in " + short_target(target);
    const std::string place = " in " + printable(environment);
    return asked == Asked::no
               ? "Nothing to send: by the ledger" + place + ", " + state + ". The service was not asked.\n"
               : "Nothing to do" + place + ": " + state + ". Other flows were not looked at.\n";
  }
  const std::string flows = " (" + pluralize(unchanged, "flow") + " unchanged)";
  if (unchanged == 0 && asked != Asked::no) return "Nothing to do: there are no flows.\n";
  if (asked == Asked::no) {
    if (unchanged == 0) return "Nothing to send: there are no flows. The service was not asked.\n";
    return "Nothing to send: by the ledger " + printable(environment) + " has " + short_target(target) + flows +
           ". The service was not asked.\n";
  }
  if (asked == Asked::list) {
    return "Nothing to send: by the ledger " + printable(environment) + " has " + short_target(target) + flows +
           ".\nThe service tells no versions, so these were only looked for in its list; --refresh compares them.\n";
  }
  return "Nothing to do: " + printable(environment) + " is up to date with " + short_target(target) + flows + ".\n";
}

std::string up_to_date_text(const deploy::Plan& plan) {
  // What can't be read is no change of the plan, and not as the ledger has it either.
  if (plan.refusal || !plan.unread.empty() || check::count(plan.findings).errors > 0) return {};
  std::vector<std::string> chosen = plan.chosen;
  if (!keep_present(chosen, left_behind_ids(plan))) return {};
  return up_to_date_text(plan.environment, chosen, plan.target, plan.unchanged, asked_of(plan));
}

bool keep_present(std::vector<std::string>& chosen, const std::vector<std::string>& left_behind) {
  if (chosen.empty()) return true;
  std::erase_if(chosen, [&](const std::string& id) {
    return std::find(left_behind.begin(), left_behind.end(), id) != left_behind.end();
  });
  return !chosen.empty();
}

std::vector<std::string> left_behind_ids(const deploy::Plan& plan) {
  std::vector<std::string> ids;
  for (const deploy::LeftBehind& flow : plan.left_behind) ids.push_back(flow.removal.flow_id);
  return ids;
}

std::string drift_lines(const std::vector<deploy::Drift>& drift, const std::string& environment,
                        const std::string& target, const Style& style) {
  std::string text;
  for (const deploy::Drift& flow : drift) {
    text += "  " + painted("!", Colour::red, style) + " " + printable(flow.flow_id) + "  " +
            printable(flow.sentence()) + "\n";
    if (style.quiet) continue;
    text += description_text(flow.edits, style);
    text += "      " + hint_line(flow.hint(environment, target), style);
  }
  return text;
}

std::string left_behind_line(const std::vector<std::string>& flow_ids, bool prune) {
  if (flow_ids.empty()) return {};
  std::string names;
  for (const std::string& id : flow_ids) names += (names.empty() ? "" : ", ") + printable(id);
  return "Left behind on the service, no longer in the repository: " + names +
         (prune ? ".\n" : " (--prune deletes what is not built in, protected or used).\n");
}

std::string environment_text(const std::string& environment, const std::string& project_id, const Style& style) {
  return "Environment " + painted(printable(environment), Colour::bold, style) +
         (project_id.empty() ? "" : " (project " + printable(project_id) + ")") + ": ";
}

std::string sign_of(deploy::Action action, const Style& style) {
  if (action == deploy::Action::update) return painted("~", Colour::yellow, style);
  return action == deploy::Action::create ? painted("+", Colour::green, style) : painted("-", Colour::red, style);
}

std::string column(std::string_view text, int width) {
  std::string shown = printable(text);
  shown.append(static_cast<std::size_t>(std::max(0, width - display_width(shown))), ' ');
  return shown;
}

std::string error_text(const Error& error, const Style& style) {
  return painted("flowship: error:", Colour::red, style) + " " + printable(error.message()) + "\n" +
         hint_line(error.hint(), style);
}

std::string graph_text(const flow::Graph& graph, const Style& style) {
  std::string text = painted(printable(graph.title), Colour::bold, style) + " (" + printable(graph.flow_id) +
                     "): " + pluralize(graph.tasks.size(), "task") + "\n";
  for (const std::size_t index : task_order(graph)) {
    const flow::Task& task = graph.tasks[index];
    text += "\n" + painted(printable(task.title()), Colour::bold, style) + " " +
            painted("(" + printable(task.id) + ", " + printable(flow::kind_text(task)) + ")", Colour::dim, style) +
            "\n";
    for (const flow::Edge& edge : edges_from(graph, index)) {
      text += "  → " + printable(graph.tasks[edge.to].title());
      if (!edge.label.empty()) text += painted(" on “" + printable(edge.label) + "”", Colour::dim, style);
      text += "\n";
    }
  }
  return text;
}

std::string conversion_text(const Conversion& conversion, const Style& style) {
  if (style.quiet) return {};
  std::string text = "`" + printable(conversion.flow_id) + "` as " + conversion.layout + ":\n";
  for (const std::string& path : conversion.paths) text += "  " + printable(path) + "\n";
  for (const std::string& path : conversion.removed) text += "  removed: " + printable(path) + "\n";
  return text;
}

std::string sections_as_text(const std::vector<Section>& sections, const Style& style) {
  std::string text;
  for (const Section& section : sections) {
    text += (text.empty() ? "" : "\n") + painted("== " + printable(section.environment) + " ==", Colour::bold, style) +
            "\n" + section.text;
    if (section.error)
      text += painted("failed:", Colour::red, style) + " " + printable(section.error->message()) + "\n";
  }
  return text;
}

Format text_format() {
  return {.name = "text",
          .summary = "for people",
          .validation = validation_text,
          .plan = plan_text,
          .diff = diff_text,
          .deployment = deployment_text,
          .status = status_text,
          .history = history_text,
          .sections = sections_as_text,
          .initialization = initialization_text,
          .conversion = conversion_text,
          .file_merge = file_merge_text,
          .pulled = pull_text,
          .note = note_text,
          .graph = graph_text,
          .paths = paths_text,
          .explained = explained_text};
}

}  // namespace flowship::report
