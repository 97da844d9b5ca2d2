#include "base/text/printable.hpp"
#include "report/conflicts.hpp"
#include "report/text/text.hpp"

namespace flowship::report {

namespace {

Colour colour_of(deploy::PullOutcome outcome) {
  if (outcome == deploy::PullOutcome::pulled) return Colour::green;
  return outcome == deploy::PullOutcome::unchanged ? Colour::dim : Colour::red;
}

std::string pulled_line(const deploy::PulledFlow& flow, int width, const Style& style) {
  std::string text =
      "  " + column(flow.flow_id, width) + "  " + painted(to_text(flow.outcome), colour_of(flow.outcome), style);
  const std::string place = place_of(flow.paths);
  if (!place.empty()) text += "  " + painted(place, Colour::dim, style);
  text += "\n";
  if (!flow.error.empty()) text += "      " + printable(flow.error) + "\n";
  if (flow.conflict) text += conflict_lines(flow.conflict->conflicts, style);
  if (!style.quiet) text += new_id_lines(flow.new_ids, style);
  return text;
}

}  // namespace

std::string pull_text(const deploy::Pulled& pulled, const Style& style) {
  const int width = id_width(pulled.flows);
  int counts[4] = {};
  for (const deploy::PulledFlow& flow : pulled.flows) ++counts[static_cast<int>(flow.outcome)];
  std::string text;
  for (const deploy::PulledFlow& flow : pulled.flows) {
    const bool is_shown =
        !flow.error.empty() || (!style.quiet && (style.verbose || flow.outcome == deploy::PullOutcome::pulled));
    if (is_shown) text += pulled_line(flow, width, style);
  }
  if (style.quiet) return text;
  text += (text.empty() ? "" : "\n") + ("Pulled from " + painted(printable(pulled.environment), Colour::bold, style)) +
          ": " + std::to_string(counts[0]) + " changed, " + std::to_string(counts[1]) + " unchanged";
  if (counts[2] > 0) text += ", " + painted(std::to_string(counts[2]) + " in conflict", Colour::red, style);
  if (counts[3] > 0) text += ", " + painted(std::to_string(counts[3]) + " failed", Colour::red, style);
  text += ".\n";
  if (counts[0] > 0) text += "Review the changes with `git diff`, then commit them.\n";
  return text;
}

}  // namespace flowship::report
