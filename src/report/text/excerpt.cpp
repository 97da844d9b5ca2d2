#include "report/text/excerpt.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "report/text/characters.hpp"

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

Excerpt excerpt(std::string_view line, int column) {
  Excerpt result;
  if (column > kBefore + 1) {
    result.line = "…";
    result.indent = " ";
  }
  int at = 1;
  for (; !line.empty() && at < column; ++at) {
    const Character character = first_character(line);
    if (at >= column - kBefore) {
      show(character, result.line);
      indent_by(character, result.indent);
    }
    line.remove_prefix(character.bytes.size());
  }
  for (; !line.empty() && at < column + kAfter; ++at) {
    const Character character = first_character(line);
    show(character, result.line);
    line.remove_prefix(character.bytes.size());
  }
  if (!line.empty()) result.line += "…";
  return result;
}

}  // namespace flowship::report
