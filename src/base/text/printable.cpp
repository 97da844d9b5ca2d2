#include "base/text/printable.hpp"

#include "base/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace flowship {

namespace {

struct CodeBlock {
  std::uint32_t first;
  std::uint32_t last;
};

/// Unicode's Default_Ignorable_Code_Point, with the separators of lines and paragraphs and the interlinear
/// annotations, but without the two selectors that tell emoji from text (U+FE0E, U+FE0F). Sorted.
constexpr std::array kInvisible = {
    CodeBlock{0x00AD, 0x00AD},   CodeBlock{0x034F, 0x034F}, CodeBlock{0x061C, 0x061C},   CodeBlock{0x115F, 0x1160},
    CodeBlock{0x17B4, 0x17B5},   CodeBlock{0x180B, 0x180F}, CodeBlock{0x200B, 0x200F},   CodeBlock{0x2028, 0x202E},
    CodeBlock{0x2060, 0x206F},   CodeBlock{0x3164, 0x3164}, CodeBlock{0xFE00, 0xFE0D},   CodeBlock{0xFEFF, 0xFEFF},
    CodeBlock{0xFFA0, 0xFFA0},   CodeBlock{0xFFF0, 0xFFFB}, CodeBlock{0x1BCA0, 0x1BCA3}, CodeBlock{0x1D173, 0x1D17A},
    CodeBlock{0xE0000, 0xE0FFF},
};

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

bool is_shown_as_escape(std::uint32_t code) {
  if (code < 0xA0) return code < 0x20 || code >= 0x7F;
  const auto* block =
      std::lower_bound(kInvisible.begin(), kInvisible.end(), code,
                       [](const CodeBlock& candidate, std::uint32_t wanted) { return candidate.last < wanted; });
  return block != kInvisible.end() && block->first <= code;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    if (is_shown_as_escape(character.code)) {
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

std::string printable_lines(std::string_view text) {
  std::string result;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    result += printable(text.substr(0, end)) + '\n';
    text.remove_prefix(end + 1);
  }
  return result + printable(text);
}

}  // namespace flowship
