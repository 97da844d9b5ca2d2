#pragma once

#include "check/findings/finding.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace flowship::report {

/// Findings that have one cause: the first of them, and those in other files.
struct Cause {
  const check::Finding* first = nullptr;
  std::vector<const check::Finding*> others = {};
};

/// The causes in the order of their first findings, which must outlive them. Most findings are a cause of their own.
std::vector<Cause> causes_of(const std::vector<check::Finding>& findings);

/// How many other places of a cause are shown where there is no room for all.
inline constexpr std::size_t kShownPlaces = 5;

/// "also `Verify OTP` (5) at 30:17, at 51:17 and 17 more": the further places of one finding, `most` of them in full;
/// empty if there are none.
std::string places_text(const check::Finding& finding, std::size_t most = kShownPlaces);

/// A finding's message on one line, with some of its further places and its hint in parentheses.
std::string with_places_inline(const check::Finding& finding);

/// All further places of a cause: of its first finding, and "also in 19 more files: flows/b.json:30:17 and 18 more".
std::vector<std::string> places_of(const Cause& cause, std::size_t most = kShownPlaces);

/// `path:line:column: message`, with some of the further places in parentheses.
std::string cause_line(const Cause& cause);

}  // namespace flowship::report
