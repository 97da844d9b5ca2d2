#pragma once

#include "report/report.hpp"

#include <string>
#include <unordered_map>

// Paths in words, their secrets masked, safe for a terminal.

namespace flowship::report {

/// What a list's paths are called. Each task and rule is worked out once, however many paths pass it.
class PathLabels {
 public:
  explicit PathLabels(const PathList& list);

  /// `Welcome (0) —Continue→ Verify OTP (2) → End (3)`.
  std::string of(const flow::Path& path);

 private:
  struct Step {
    /// Empty until it is asked for.
    std::string label;
    /// By interaction, what people call it; empty if the flow just goes on.
    std::unordered_map<std::string, std::string> ways;
  };

  /// By flow, then task.
  std::unordered_map<std::string, std::unordered_map<std::string, Step>> steps_;
};

/// The path's factors, or that there is none.
std::string factors_label(const flow::SimplePath& path);

/// That there are more paths than those listed; empty if there are not.
std::string more_words(const flow::SimplePaths& found);

/// Assurance and guarantees, in two lines.
std::string summary_line(const PathList& list);

}  // namespace flowship::report
