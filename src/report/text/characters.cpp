#include "report/text/characters.hpp"

#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace flowship::report {

namespace {

struct Block {
  std::uint32_t first;
  std::uint32_t last;
};

constexpr std::array kZeroWidth = {
    Block{0x0300, 0x036F}, Block{0x0591, 0x05BD},   Block{0x200B, 0x200F},   Block{0x20D0, 0x20FF},
    Block{0xFE00, 0xFE0F}, Block{0x1F3FB, 0x1F3FF}, Block{0xE0100, 0xE01EF},
};

constexpr std::array kDoubleWidth = {
    Block{0x1100, 0x115F},   Block{0x2E80, 0xA4CF},   Block{0xAC00, 0xD7A3},   Block{0xF900, 0xFAFF},
    Block{0xFE30, 0xFE6F},   Block{0xFF00, 0xFF60},   Block{0xFFE0, 0xFFE6},   Block{0x1F300, 0x1F64F},
    Block{0x1F680, 0x1F6FF}, Block{0x1F900, 0x1F9FF}, Block{0x20000, 0x3FFFD},
};

template <typename Blocks>
bool within(const Blocks& blocks, std::uint32_t code) {
  return std::any_of(std::begin(blocks), std::end(blocks),
                     [code](const Block& block) { return code >= block.first && code <= block.last; });
}

}  // namespace

int display_width(std::uint32_t code) {
  if (code < 0x300) return 1;
  if (within(kZeroWidth, code)) return 0;
  return within(kDoubleWidth, code) ? 2 : 1;
}

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    width += display_width(character.code);
    text.remove_prefix(character.bytes.size());
  }
  return width;
}

std::string_view fitting(std::string_view text, int width) {
  std::size_t end = 0;
  while (end < text.size()) {
    const Character character = first_character(text.substr(end));
    width -= display_width(character.code);
    if (width < 0) break;
    end += character.bytes.size();
  }
  return text.substr(0, end);
}

std::string cut_to(std::string_view text, int width) {
  std::string safe = printable(text);
  if (display_width(safe) <= width) return safe;
  return std::string(fitting(safe, width - 1)) + "…";
}

}  // namespace flowship::report
