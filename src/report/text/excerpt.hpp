#pragma once

#include <string>
#include <string_view>

namespace flowship::report {

/// A line of a file and the indent of a caret under one of its characters, safe to show.
struct Excerpt {
  std::string line;
  /// Whitespace as wide as the text before the character.
  std::string indent;
};

/// The excerpt for `column` (from 1, in characters) of `line`. A long line is cut around the column, tabs stay tabs,
/// and a column past the line's end is its end.
Excerpt excerpt(std::string_view line, int column);

}  // namespace flowship::report
