#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "report/text/text.hpp"

#include <map>

namespace flowship::report {

namespace {

using deploy::FlowState;

struct Look {
  Colour colour;
  std::string_view meaning;
};

Look look_of(FlowState state) {
  switch (state) {
    case FlowState::in_sync:
      return {Colour::green, "matches the last deployment"};
    case FlowState::pending:
      return {Colour::yellow, "has changes that are not deployed yet"};
    case FlowState::drifted:
      return {Colour::red, "edited in the console since the last deployment"};
    case FlowState::missing:
      return {Colour::red, "deleted in the console since the last deployment"};
    case FlowState::unmanaged:
      return {Colour::dim, "in the project, never deployed by flowship"};
    case FlowState::unknown:
      return {Colour::red, "is on the service, but could not be exported"};
  }
  return {Colour::dim, ""};
}

std::string status_heading(const deploy::Status& status, const Style& style) {
  std::string text = environment_text(status.environment, status.project_id, style);
  if (!status.deployed) return text + "nothing has been deployed yet\n";
  text += short_target(status.deployed->target) + ", deployed " + to_rfc3339(status.deployed->time) + " (record " +
          status.deployed->record.abbreviated() + ")\n";
  if (status.deployed->unfinished) text += "That deployment is still running, or was interrupted.\n";
  return text;
}

}  // namespace

std::string status_text(const deploy::Status& status, const Style& style) {
  std::string text = warning_lines(status.warnings, style);
  if (!style.quiet) text += status_heading(status, style);
  const int width = id_width(status.flows);
  std::map<FlowState, int> numbers;
  std::string lines;
  for (const deploy::FlowStatus& flow : status.flows) {
    ++numbers[flow.state];
    if (style.quiet && flow.state == FlowState::in_sync) continue;
    const Look look = look_of(flow.state);
    lines += "  " + column(flow.flow_id, width) + "  " + painted(column(to_text(flow.state), 9), look.colour, style) +
             "  " + std::string(look.meaning) + "\n";
  }
  if (style.quiet) return text + lines;
  if (!lines.empty()) text += "\n" + lines + "\n";
  std::string counts;
  for (const auto& [state, number] : numbers) {
    counts += (counts.empty() ? "" : ", ") + std::to_string(number) + " " + std::string(to_text(state));
  }
  text += counts.empty() ? "There are no flows.\n" : counts + ".\n";
  if (status.offline) text += "Read from the ledger only; the service was not asked.\n";
  if (numbers.contains(FlowState::pending)) {
    text += "Run " + deploy::command_hint("plan", status.name_in_commands) + " to see what a deployment would do.\n";
  }
  return text + left_behind_line(status.left_behind, status.prune) +
         drift_lines(status.drift, status.name_in_commands, status.command_target, style);
}

}  // namespace flowship::report
