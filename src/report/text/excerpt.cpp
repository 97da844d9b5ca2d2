#include "report/text/excerpt.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "report/text/characters.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

constexpr int kBefore = 60;
constexpr int kAfter = 40;

void show(const Character& character, std::string& shown) {
  shown += character.code == '\t' ? std::string("\t") : printable(character.bytes);
}

void indent_by(const Character& character, std::string& indent) {
  if (character.code == '\t') {
    indent += '\t';
    return;
  }
  indent.append(static_cast<std::size_t>(display_width(printable(character.bytes))), ' ');
}

}  // namespace

void SourceLine::move_to(int column) {
  if (column < column_) {
    column_ = 1;
    offset_ = 0;
  }
  while (column_ < column && offset_ < text_.size()) {
    offset_ += first_character(std::string_view(text_).substr(offset_)).bytes.size();
    ++column_;
  }
}

Excerpt SourceLine::around(int column) {
  Excerpt result;
  if (column > kBefore + 1) {
    result.line = "…";
    result.indent = " ";
  }
  move_to(std::max(1, column - kBefore));
  std::string_view line = std::string_view(text_).substr(offset_);
  for (int at = column_; !line.empty() && at < column + kAfter; ++at) {
    const Character character = first_character(line);
    show(character, result.line);
    if (at < column) indent_by(character, result.indent);
    line.remove_prefix(character.bytes.size());
  }
  if (!line.empty()) result.line += "…";
  return result;
}

}  // namespace flowship::report
