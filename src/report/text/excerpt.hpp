#pragma once

#include <string>
#include <string_view>

namespace flowship::report {

/// A line of a file and the mark under one of its characters, both made safe to show.
struct Excerpt {
  std::string line;
  /// White space of the same width as what stands before the character; the caret goes after it.
  std::string indent;
};

/// The excerpt for `column` (from 1, in characters) of `line`. A long line is cut around the column, tabs stay tabs,
/// and a column past the line's end is its end.
Excerpt excerpt(std::string_view line, int column);

}  // namespace flowship::report
