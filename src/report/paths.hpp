#pragma once

#include "report/report.hpp"

#include <string>

// Paths in words, their secrets masked, safe for a terminal.

namespace flowship::report {

/// `Welcome (0) —Continue→ Verify OTP (2) → End (3)`.
std::string path_label(const PathList& list, const flow::Path& path);

/// The path's factors, or that there is none.
std::string factors_label(const flow::SimplePath& path);

/// That there are more paths than those listed; empty if there are not.
std::string more_words(const flow::SimplePaths& found);

/// Assurance and guarantees, in two lines.
std::string summary_line(const PathList& list);

}  // namespace flowship::report
