#include "base/text/printable.hpp"
#include "report/text/text.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

using deploy::FlowOutcome;

Colour colour_of(FlowOutcome outcome) {
  switch (outcome) {
    case FlowOutcome::deployed:
      return Colour::green;
    case FlowOutcome::failed:
      return Colour::red;
    default:
      return Colour::yellow;
  }
}

int number_of(const deploy::Deployment& deployment, FlowOutcome outcome) {
  return static_cast<int>(
      std::count_if(deployment.flows.begin(), deployment.flows.end(),
                    [outcome](const deploy::FlowResult& result) { return result.outcome == outcome; }));
}

std::string counts_text(const deploy::Deployment& deployment, const Style& style) {
  std::string text = "Deployment to " + painted(printable(deployment.environment), Colour::bold, style) + ": " +
                     std::to_string(number_of(deployment, FlowOutcome::deployed)) + " deployed";
  for (const FlowOutcome outcome :
       {FlowOutcome::failed, FlowOutcome::skipped, FlowOutcome::drifted, FlowOutcome::restored}) {
    const int number = number_of(deployment, outcome);
    if (number == 0) continue;
    text += ", " + painted(std::to_string(number) + " " + std::string(to_text(outcome)), colour_of(outcome), style);
  }
  return text + ", " + std::to_string(deployment.unchanged) + " unchanged.\n";
}

std::string what_next(const deploy::Deployment& deployment) {
  if (deployment.ok()) return {};
  if (deployment.credentials_refused) {
    return "The key was refused, so the rest was not tried. Check the key and its project, then run `flowship deploy` "
           "again.\n";
  }
  std::string text;
  if (deployment.stopped_by != 0) {
    text += "Stopped by signal " + std::to_string(deployment.stopped_by) +
            ". What was under way is done and recorded; run `flowship deploy` again for the rest.\n";
  }
  if (deployment.adopted) {
    text += "Nothing was sent. What was edited on the service lies in the working tree:\n";
    for (const deploy::FlowResult& flow : deployment.flows) {
      if (flow.outcome != FlowOutcome::drifted) continue;
      for (const std::string& path : flow.paths) text += "  " + printable(path) + "\n";
    }
    return text + "Review it with `git diff`, commit, and run `flowship deploy` again.\n";
  }
  if (deployment.drifted) {
    text +=
        "The service holds changes that were not deployed from here; they were not overwritten. `flowship pull` "
        "brings them into the repository.\n";
  }
  if (deployment.stopped_by == 0 &&
      number_of(deployment, FlowOutcome::failed) + number_of(deployment, FlowOutcome::skipped) > 0) {
    text += "Run `flowship deploy` again to send only what is missing.\n";
  }
  return text;
}

}  // namespace

std::string result_text(const deploy::FlowResult& result, int width, const Style& style) {
  std::string text = "  " + sign_of(result.action, style) + " " + column(result.flow_id, width) + "  " +
                     painted(to_text(result.outcome), colour_of(result.outcome), style);
  if (result.attempts > 1) text += " (" + std::to_string(result.attempts) + " attempts)";
  text += "\n";
  if (result.outcome == FlowOutcome::deployed && result.error.empty()) return text;
  const std::string place = place_of(result.paths);
  if (!place.empty()) text += "      " + painted(place, Colour::dim, style) + "\n";
  if (!result.error.empty()) text += "      " + printable(result.error) + "\n";
  if (!result.hint.empty()) {
    text += "      " + painted("hint:", Colour::blue, style) + " " + printable(result.hint) + "\n";
  }
  return text;
}

std::string deployment_text(const deploy::Deployment& deployment, const Style& style) {
  std::string text;
  for (const std::string& warning : deployment.warnings) text += warning_line(warning, style);
  if (deployment.flows.empty()) {
    if (!style.quiet && deployment.ok()) {
      text += "Nothing to do: " + printable(deployment.environment) + " is up to date with " +
              short_target(deployment.target) + " (" + pluralize(deployment.unchanged, "flow") + " unchanged).\n";
    }
    if (deployment.record && !style.quiet) text += "Recorded as " + deployment.record->abbreviated() + ".\n";
    return text + what_next(deployment);
  }
  const int width = id_width(deployment.flows);
  for (const deploy::FlowResult& result : deployment.flows) {
    if (style.quiet && result.outcome == FlowOutcome::deployed) continue;
    text += result_text(result, width, style);
  }
  if (style.quiet) return text;
  text += "\n" + counts_text(deployment, style);
  if (deployment.record) {
    text += "Recorded as " + deployment.record->abbreviated() + ", target " + short_target(deployment.target) + ".\n";
  }
  return text + what_next(deployment);
}

}  // namespace flowship::report
