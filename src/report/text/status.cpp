#include "base/text/printable.hpp"
#include "report/text/text.hpp"

#include <map>

namespace flowship::report {

namespace {

using deploy::FlowState;

Colour colour_of(FlowState state) {
  switch (state) {
    case FlowState::in_sync:
      return Colour::green;
    case FlowState::drifted:
    case FlowState::missing:
      return Colour::red;
    case FlowState::pending:
      return Colour::yellow;
    case FlowState::unmanaged:
      break;
  }
  return Colour::dim;
}

std::string_view meaning_of(FlowState state) {
  switch (state) {
    case FlowState::in_sync:
      return "as deployed";
    case FlowState::pending:
      return "the revision has changes that are not deployed";
    case FlowState::drifted:
      return "the service holds something else than was deployed";
    case FlowState::missing:
      return "was deployed, and is gone from the service";
    case FlowState::unmanaged:
      return "on the service only";
  }
  return {};
}

std::string heading(const deploy::Status& status, const Style& style) {
  std::string text = "Environment " + painted(printable(status.environment), Colour::bold, style);
  if (!status.project_id.empty()) text += " (project " + printable(status.project_id) + ")";
  if (!status.deployed) return text + ": nothing was ever deployed\n";
  text += ": " + short_target(status.deployed->target) + ", deployed " + to_rfc3339(status.deployed->time) +
          " (record " + status.deployed->record.abbreviated() + ")\n";
  if (status.deployed->unfinished) text += "That deployment is still under way, or died.\n";
  return text;
}

}  // namespace

std::string status_text(const deploy::Status& status, const Style& style) {
  std::string text;
  for (const std::string& warning : status.warnings) text += warning_line(warning, style);
  if (!style.quiet) text += heading(status, style);
  const int width = id_width(status.flows);
  std::map<FlowState, int> numbers;
  std::string lines;
  for (const deploy::FlowStatus& flow : status.flows) {
    ++numbers[flow.state];
    if (style.quiet && flow.state == FlowState::in_sync) continue;
    const std::string state = column(to_text(flow.state), 9);
    lines += "  " + column(flow.flow_id, width) + "  " + painted(state, colour_of(flow.state), style) + "  " +
             std::string(meaning_of(flow.state)) + "\n";
  }
  if (style.quiet) return text + lines;
  if (!lines.empty()) text += "\n" + lines + "\n";
  std::string counts;
  for (const auto& [state, number] : numbers) {
    counts += (counts.empty() ? "" : ", ") + std::to_string(number) + " " + std::string(to_text(state));
  }
  text += counts.empty() ? "There are no flows.\n" : counts + ".\n";
  if (status.offline) text += "Read from the ledger alone; the service was not asked.\n";
  if (numbers.contains(FlowState::pending)) text += "Run `flowship plan` to see what a deployment would do.\n";
  if (numbers.contains(FlowState::drifted)) text += "Run `flowship pull` to bring the drift into the repository.\n";
  return text;
}

}  // namespace flowship::report
