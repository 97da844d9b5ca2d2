#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace flowship::report {

/// A part of a source line, safe to show, and the white space that puts a caret under a place in it. Tabs are kept, so
/// that both lines stay aligned at any tab width.
struct Excerpt {
  std::string line;
  std::string indent;
};

/// A source line that excerpts are taken from. It remembers where the last one began, so that those of a long line cost
/// its length together when they are asked for from left to right.
class SourceLine {
 public:
  SourceLine() = default;
  explicit SourceLine(std::string text) : text_(std::move(text)) {}

  /// The part around a column (from 1, in characters), some 100 characters long.
  Excerpt around(int column);

 private:
  /// Moves to a column, or to the end of a shorter line.
  void move_to(int column);

  std::string text_;
  int column_ = 1;
  /// In bytes, of that column.
  std::size_t offset_ = 0;
};

}  // namespace flowship::report
