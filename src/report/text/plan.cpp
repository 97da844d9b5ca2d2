#include "base/text/printable.hpp"
#include "report/text/text.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

std::string change_text(const deploy::Change& change, int width, const Style& style) {
  std::string text = change_line(change, width, style);
  if (style.verbose) {
    for (const std::string& path : change.paths) text += "      " + printable(path) + "\n";
    for (const std::string& flow_id : change.after) text += "      after " + printable(flow_id) + "\n";
  }
  return style.quiet ? text : text + description_text(change.description(), style);
}

std::string counts_text(const deploy::Plan& plan) {
  const auto number = [&](deploy::Action action) {
    return std::to_string(std::count_if(plan.changes.begin(), plan.changes.end(),
                                        [action](const deploy::Change& change) { return change.action == action; }));
  };
  return "Plan: " + number(deploy::Action::create) + " to create, " + number(deploy::Action::update) + " to update, " +
         number(deploy::Action::remove) + " to delete, " + std::to_string(plan.unchanged) + " unchanged.\n";
}

std::string heading(const deploy::Plan& plan, const Style& style) {
  std::string text = "Environment " + painted(printable(plan.environment), Colour::bold, style);
  if (!plan.project_id.empty()) text += " (project " + printable(plan.project_id) + ")";
  text += ": " + short_target(plan.target);
  text += plan.base ? " against what is deployed (record " + plan.base->abbreviated() + ")" : ", the first deployment";
  return text + "\n\n";
}

std::string what_next(const deploy::Plan& plan) {
  if (check::count(plan.findings).errors > 0)
    return "Mend the errors above first: nothing is sent as long as there are any.\n";
  if (plan.target == "index" || plan.target == "worktree") {
    return "Commit, then run `flowship deploy` to carry it out.\n";
  }
  return "Run `flowship deploy` to carry it out.\n";
}

std::string left_behind_text(const deploy::Plan& plan) {
  std::string text;
  std::string names;
  for (const deploy::LeftBehind& flow : plan.left_behind) {
    if (flow.why == deploy::LeftBehind::Why::not_pruned) {
      names += (names.empty() ? "" : ", ") + printable(flow.removal.flow_id);
    } else {
      text += printable(flow.sentence()) + ".\n";
    }
  }
  if (!names.empty()) text += "Left on the service: " + names + ". Nothing is deleted without --prune.\n";
  return text;
}

std::string drift_text(const deploy::Plan& plan, const Style& style) {
  if (!plan.drift) return {};
  if (plan.drift->empty()) return style.quiet ? "" : "The service holds what was deployed.\n\n";
  std::string text = "The service holds something else than was deployed:\n";
  const auto value = [](const std::string& beginning) { return beginning.empty() ? "nothing" : printable(beginning); };
  for (const deploy::Drift& flow : *plan.drift) {
    text += "  " + painted("!", Colour::red, style) + " " + printable(flow.flow_id) +
            (flow.missing ? "  is gone from the service\n" : "\n");
    for (const deploy::DriftDifference& difference : flow.differences) {
      text += "      " + printable(difference.pointer) + ": " + value(difference.deployed) + " was deployed, " +
              value(difference.held) + " is there\n";
    }
  }
  return text + "\n";
}

}  // namespace

std::string change_line(const deploy::Change& change, int width, const Style& style) {
  const std::string reason = "(" + std::string(to_text(change.reason)) + ")";
  return "  " + sign_of(change.action, style) + " " + column(change.flow_id, width) + "  " + column(reason, 9) + "  " +
         painted(place_of(change.paths), Colour::dim, style) + "\n";
}

std::string plan_text(const deploy::Plan& plan, const Style& style) {
  std::string text;
  for (const std::string& warning : plan.warnings) text += warning_line(warning, style);
  if (!plan.warnings.empty() && !style.quiet) text += "\n";
  text += findings_text({.flows = 0, .findings = plan.findings, .text_of = nullptr}, style);
  text += drift_text(plan, style);
  if (!plan.has_changes()) {
    if (style.quiet) return text;
    text += "Nothing to do: what is deployed in " + printable(plan.environment) + " is up to date with " +
            short_target(plan.target) + " (" + pluralize(plan.unchanged, "flow") + " unchanged).\n";
    if (!plan.reformatted.empty()) {
      text += pluralize(plan.reformatted.size(), "flow") +
              " changed in form alone: nothing is sent, the next deployment records the new files.\n";
    }
    return text + left_behind_text(plan);
  }
  if (!style.quiet) text += heading(plan, style);
  const int width = id_width(plan.changes);
  for (const deploy::Change& change : plan.changes) text += change_text(change, width, style);
  if (style.quiet) return text;
  if (style.verbose) {
    for (const deploy::Reformatted& flow : plan.reformatted) {
      text += "  = " + column(flow.flow_id, width) + "  (form alone, nothing is sent)\n";
    }
  }
  return text + "\n" + counts_text(plan) + left_behind_text(plan) + what_next(plan);
}

}  // namespace flowship::report
