#include "base/text/printable.hpp"
#include "report/conflicts.hpp"
#include "report/text/text.hpp"

#include <map>

namespace flowship::report {

namespace {

using deploy::PullOutcome;

bool has_changed_files(PullOutcome outcome) {
  return outcome == PullOutcome::pulled || outcome == PullOutcome::removed;
}

Colour colour_of(PullOutcome outcome) {
  if (has_changed_files(outcome)) return Colour::green;
  return outcome == PullOutcome::unchanged ? Colour::dim : Colour::red;
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
  std::map<PullOutcome, int> counts;
  for (const deploy::PulledFlow& flow : pulled.flows) ++counts[flow.outcome];
  const auto listed = [&](PullOutcome outcome, const std::string& word) {
    return ", " + painted(std::to_string(counts[outcome]) + " " + word, Colour::red, style);
  };
  std::string text;
  for (const deploy::PulledFlow& flow : pulled.flows) {
    const bool is_shown = !flow.error.empty() || (!style.quiet && (style.verbose || has_changed_files(flow.outcome)));
    if (is_shown) text += pulled_line(flow, width, style);
  }
  if (style.quiet) return text;
  text += (text.empty() ? "" : "\n") + ("Pulled from " + painted(printable(pulled.environment), Colour::bold, style)) +
          ": " + std::to_string(counts[PullOutcome::pulled]) + " changed, ";
  if (counts[PullOutcome::removed] > 0) text += std::to_string(counts[PullOutcome::removed]) + " removed, ";
  text += std::to_string(counts[PullOutcome::unchanged]) + " unchanged";
  if (counts[PullOutcome::conflict] > 0) text += listed(PullOutcome::conflict, "in conflict");
  if (counts[PullOutcome::failed] > 0) text += listed(PullOutcome::failed, "failed");
  text += ".\n";
  if (counts[PullOutcome::pulled] + counts[PullOutcome::removed] > 0)
    text += "Review the changes with `git diff`, then commit them.\n";
  return text;
}

}  // namespace flowship::report
