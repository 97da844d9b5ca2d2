#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "report/conflicts.hpp"
#include "report/text/text.hpp"
#include "report/wording.hpp"

namespace flowship::report {

namespace {

using deploy::FlowOutcome;

Colour colour_of(FlowOutcome outcome) {
  if (is_done(outcome)) return Colour::green;
  return outcome == FlowOutcome::failed ? Colour::red : Colour::yellow;
}

std::string counts_text(const deploy::Deployment& deployment, const Style& style) {
  std::string text = "Deployment to " + painted(printable(deployment.environment), Colour::bold, style) + ": " +
                     std::to_string(number_of(deployment, FlowOutcome::deployed)) + " deployed";
  for (const FlowOutcome outcome :
       {FlowOutcome::deleted, FlowOutcome::failed, FlowOutcome::skipped, FlowOutcome::drifted, FlowOutcome::restored}) {
    const int number = number_of(deployment, outcome);
    if (number == 0) continue;
    text += ", " + painted(std::to_string(number) + " " + std::string(to_text(outcome)), colour_of(outcome), style);
  }
  const int unchanged = deployment.unchanged + number_of(deployment, FlowOutcome::unchanged);
  return text + ", " + std::to_string(unchanged) + " unchanged.\n";
}

std::string adopted_text(const deploy::Deployment& deployment, const Style& style) {
  std::string text = deployment.adopted_paths.empty()
                         ? "Nothing was sent or written.\n"
                         : "Nothing was sent. The console edits were merged into the working tree:\n";
  for (const std::string& path : deployment.adopted_paths) text += "  " + printable(path) + "\n";
  text += new_id_lines(deployment.new_ids, style);
  for (const deploy::FlowConflicts& flow : deployment.conflicts) {
    text += "  " + painted(printable(flow.flow_id), Colour::red, style) + " is in conflict: " + printable(flow.reason) +
            "\n";
    text += conflict_lines(flow.conflicts, style) + "    " + printable(flow.hint) + "\n";
  }
  return text;
}

/// One line on what happened, one on what the next command does.
std::string interruption_text(const deploy::Deployment& deployment, const std::string& again) {
  const int skipped = number_of(deployment, FlowOutcome::skipped);
  const bool nothing_sent = skipped == static_cast<int>(deployment.flows.size());
  std::string text = nothing_sent            ? "Interrupted before anything was sent: "
                     : deployment.unrecorded ? "Interrupted: imports in flight finished, but could not be recorded; "
                                             : "Interrupted: imports in flight finished and were recorded; ";
  text += pluralize(static_cast<std::size_t>(skipped), "flow") + " not sent.\n";
  return text + "Run " + again + " again: it sends only what is missing.\n";
}

std::string next_step(const deploy::Deployment& deployment, const Style& style) {
  const std::string again = deploy::command_hint(deployment.command, deployment.name_in_commands);
  if (deployment.adopted) {
    return adopted_text(deployment, style) + "Review them with `git diff`, commit, and run " + again + " again.\n";
  }
  if (deployment.ok()) return {};
  if (deployment.credentials_refused) {
    const bool all_tried = number_of(deployment, FlowOutcome::skipped) == 0;
    return std::string("The key was refused") + (all_tried ? "" : ", so the remaining flows were not attempted") +
           ". Check the key and its project, then run " + again + " again.\n";
  }
  std::string text;
  if (deployment.stopped_by != 0) text += interruption_text(deployment, again);
  if (deployment.drifted) {
    text += "Nothing that was edited or deleted in the console was overwritten.\n";
  }
  // What waits for drift to be settled is not sent by the same command.
  const bool is_incomplete = number_of(deployment, FlowOutcome::failed) > 0 ||
                             (!deployment.drifted && number_of(deployment, FlowOutcome::skipped) > 0);
  if (deployment.stopped_by == 0 && is_incomplete) text += "Run " + again + " again to send only what is missing.\n";
  return text;
}

}  // namespace

std::string result_text(const deploy::FlowResult& result, int width, const Style& style) {
  std::string text = "  " + sign_of(result.action, style) + " " + column(result.flow_id, width) + "  " +
                     painted(to_text(result.outcome), colour_of(result.outcome), style);
  if (result.attempts > 1) text += " (" + std::to_string(result.attempts) + " attempts)";
  text += "\n";
  if (is_done(result.outcome) && result.error.empty()) return text;
  const std::string place = place_of(result.paths);
  if (!place.empty()) text += "      " + painted(place, Colour::dim, style) + "\n";
  if (!result.error.empty()) text += "      " + printable(result.error) + "\n";
  if (!style.quiet) text += description_text(result.edits, style);
  if (!result.hint.empty()) text += "      " + hint_line(result.hint, style);
  return text;
}

std::string deployment_text(const deploy::Deployment& deployment, const Style& style) {
  std::string text = warning_lines(deployment.warnings, style);
  if (!deployment.superseded.empty()) {
    return text + "Nothing was sent: " + short_target(deployment.target) + " is superseded; " +
           printable(deployment.superseded) + ".\n";
  }
  if (deployment.flows.empty()) {
    std::vector<std::string> chosen = deployment.chosen;
    if (!style.quiet && deployment.ok() && deployment.drift.empty() && keep_present(chosen, deployment.left_behind)) {
      text += up_to_date_text(deployment.environment, chosen, deployment.target, deployment.unchanged,
                              deployment.not_compared > 0 ? Asked::list : Asked::everything);
    }
    if (!style.quiet) text += left_behind_line(deployment.left_behind, deployment.prune);
    if (deployment.record && !style.quiet) text += "Recorded as " + deployment.record->abbreviated() + ".\n";
    return text + next_step(deployment, style);
  }
  const int width = id_width(deployment.flows);
  for (const deploy::FlowResult& result : deployment.flows) {
    if (style.quiet && is_done(result.outcome)) continue;
    text += result_text(result, width, style);
  }
  if (style.quiet) return text;
  text += "\n" + counts_text(deployment, style);
  if (deployment.record) {
    text += "Recorded as " + deployment.record->abbreviated() + ", target " + short_target(deployment.target) + ".\n";
  }
  return text + left_behind_line(deployment.left_behind, deployment.prune) + next_step(deployment, style);
}

}  // namespace flowship::report
