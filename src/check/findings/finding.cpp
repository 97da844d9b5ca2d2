#include "check/findings/finding.hpp"

namespace flowship::check {

std::string_view to_text(Severity severity) {
  constexpr std::string_view kTexts[] = {"off", "note", "warning", "error"};
  return kTexts[static_cast<std::size_t>(severity)];
}

Counts count(const std::vector<Finding>& findings) {
  Counts counts;
  for (const Finding& finding : findings) {
    counts.errors += finding.severity == Severity::error ? 1 : 0;
    counts.warnings += finding.severity == Severity::warning ? 1 : 0;
    counts.notes += finding.severity == Severity::note ? 1 : 0;
  }
  return counts;
}

}  // namespace flowship::check
