#include "base/text/printable.hpp"

#include "base/text/utf8.hpp"

#include <cstdio>

namespace flowship {

namespace {

std::string escaped(std::uint32_t code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  char text[16];
  std::snprintf(text, sizeof text, code < 0x100 ? "\\x%02x" : "\\u{%x}", code);
  return text;
}

}  // namespace

bool is_invisible_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
         (code >= 0x200E && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    if (is_invisible_control(character.code)) {
      result += escaped(character.code);
    } else if (character.valid) {
      result += character.bytes;
    } else {
      append_utf8(result, character.code);
    }
    text.remove_prefix(character.bytes.size());
  }
  return result;
}

}  // namespace flowship
