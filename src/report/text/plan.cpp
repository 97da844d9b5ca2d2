#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "report/text/text.hpp"
#include "report/wording.hpp"

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

std::string next_step(const deploy::Plan& plan) {
  if (check::count(plan.findings).errors > 0) {
    return "Fix the errors above first; nothing is deployed while there are any.\n";
  }
  if (plan.refusal) return {};
  if (plan.stopped_by_drift) return "A deployment sends nothing until the drift above is settled.\n";
  const bool is_committed = plan.target != "index" && plan.target != "worktree";
  return (is_committed ? "Run " : "Commit, then run ") +
         deploy::command_hint(plan.command.name, plan.name_in_commands,
                              deploy::joined_options(plan.command.target, plan.command.options), plan.command.flows) +
         " to apply this plan.\n";
}

std::string left_behind_text(const deploy::Plan& plan) { return left_behind_line(left_behind_ids(plan), plan.prune); }

/// A flow that the service does not hold as it was last deployed, where that is no drift.
struct Otherwise {
  std::string flow_id;
  std::string_view why;
};

std::vector<Otherwise> held_otherwise(const deploy::Plan& plan) {
  constexpr std::string_view kGone = "gone, and no longer in the repository";
  std::vector<Otherwise> flows;
  for (const deploy::Change& change : plan.changes) {
    if (!change.live) continue;
    if (change.live->match == deploy::LiveMatch::merged) {
      flows.push_back({change.flow_id, "edited in the console, and the new version has that edit"});
    } else if (change.treatment == deploy::Treatment::record) {
      flows.push_back({change.flow_id, change.action == deploy::Action::remove ? kGone : "already as in this plan"});
    }
  }
  for (const deploy::Change& change : plan.gone) flows.push_back({change.flow_id, kGone});
  return flows;
}

std::string no_drift_text(const deploy::Plan& plan) {
  const std::string text = "No drift" + (plan.chosen.empty() ? "" : " in " + chosen_text(plan.chosen));
  const std::vector<Otherwise> flows = held_otherwise(plan);
  if (flows.empty()) {
    return text + (plan.base ? ": the service holds what was last deployed.\n" : ": nothing has been deployed yet.\n");
  }
  std::string lines;
  const int width = id_width(flows);
  for (const Otherwise& flow : flows) {
    lines += "  = " + column(flow.flow_id, width) + "  " + std::string(flow.why) + "\n";
  }
  return text + ", though not every flow is as it was last deployed:\n" + lines;
}

std::string drift_text(const deploy::Plan& plan, const Style& style) {
  if (!plan.drift || (plan.drift->empty() && style.quiet)) return {};
  return (plan.drift->empty() ? no_drift_text(plan)
                              : drift_lines(*plan.drift, plan.name_in_commands, plan.command.target, style)) +
         "\n";
}

}  // namespace

std::string change_line(const deploy::Change& change, int width, const Style& style) {
  const std::string reason = "(" + std::string(to_text(change.reason)) + ")";
  return "  " + sign_of(change.action, style) + " " + column(change.flow_id, width) + "  " + column(reason, 9) + "  " +
         painted(place_of(change.paths), Colour::dim, style) + "\n";
}

std::string plan_text(const deploy::Plan& plan, const Style& style) {
  std::string text = warning_lines(plan.warnings, style);
  if (!plan.warnings.empty() && !style.quiet) text += "\n";
  text += findings_text(
      {.flows = 0, .findings = shown_findings(plan.findings, plan.guarantees, style), .text_of = nullptr}, style);
  text += drift_text(plan, style);
  if (!plan.has_changes()) {
    if (style.quiet) return text;
    if (!plan.drift || plan.drift->empty()) text += up_to_date_text(plan);
    if (!plan.reformatted.empty()) {
      text += pluralize(plan.reformatted.size(), "flow") +
              " changed in formatting only: nothing to send, the next deployment records the new files.\n";
    }
    return text + left_behind_text(plan);
  }
  text += steps_text(plan, style);
  return style.quiet ? text : text + next_step(plan);
}

std::string steps_text(const deploy::Plan& plan, const Style& style) {
  std::string text;
  if (!style.quiet) {
    text += environment_text(plan.environment, plan.project_id, style) + short_target(plan.target) + base_text(plan) +
            "\n\n";
  }
  text += gained_lines(plan.guarantees, style);
  const int width = id_width(plan.changes);
  for (const deploy::Change& change : plan.changes) text += change_text(change, width, style);
  if (style.quiet) return text;
  if (style.verbose) {
    for (const deploy::Reformatted& flow : plan.reformatted) {
      text += "  = " + column(flow.flow_id, width) + "  (formatting only, not sent)\n";
    }
  }
  return text + "\nPlan: " + counts_text(plan) + ".\n" + left_behind_text(plan);
}

}  // namespace flowship::report
