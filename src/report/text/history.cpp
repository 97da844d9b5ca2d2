#include "base/text/printable.hpp"
#include "report/text/text.hpp"

#include <map>

namespace flowship::report {

namespace {

std::string outcomes_text(const deploy::PastDeployment& deployment, const Style& style) {
  if (deployment.unfinished) return painted("unfinished", Colour::yellow, style);
  std::map<deploy::FlowOutcome, int> numbers;
  for (const deploy::FlowResult& result : deployment.flows) ++numbers[result.outcome];
  std::string text;
  for (const auto& [outcome, number] : numbers) {
    const std::string part = std::to_string(number) + " " + std::string(to_text(outcome));
    const Colour colour = is_done(outcome) ? Colour::green : Colour::red;
    text += (text.empty() ? "" : ", ") + painted(part, colour, style);
  }
  return text.empty() ? "no flows sent" : text;
}

std::string history_entry(const deploy::PastDeployment& deployment, const Style& style) {
  std::string text = painted(deployment.record.abbreviated(), Colour::yellow, style) + "  " +
                     to_rfc3339(deployment.time) + "  " + column(short_target(deployment.target), 8) + "  " +
                     outcomes_text(deployment, style) + "\n";
  const int width = id_width(deployment.flows);
  for (const deploy::FlowResult& result : deployment.flows) {
    const bool deployed = result.outcome == deploy::FlowOutcome::deployed;
    if (style.quiet && is_done(result.outcome)) continue;
    text += "  " + sign_of(result.action, style) + " ";
    text += deployed || deployment.unfinished
                ? printable(result.flow_id)
                : column(result.flow_id, width) + "  " + std::string(to_text(result.outcome));
    text += "\n";
    if (style.verbose && !result.error.empty()) text += "      " + printable(result.error) + "\n";
  }
  return text;
}

}  // namespace

std::string history_text(const History& history, const Style& style) {
  if (history.deployments.empty()) {
    return style.quiet ? std::string() : "Nothing has been deployed to " + printable(history.environment) + " yet.\n";
  }
  std::string text;
  for (const deploy::PastDeployment& deployment : history.deployments) text += history_entry(deployment, style);
  return text;
}

}  // namespace flowship::report
