#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flowship {

/// One character of a text. A byte that is not part of well-formed UTF-8 (no overlong forms, no surrogates, nothing
/// past U+10FFFF) is one on its own: not `valid`, with the code of U+FFFD.
struct Character {
  std::string_view bytes;
  std::uint32_t code = 0;
  bool valid = true;
};

/// `text` must not be empty.
Character first_character(std::string_view text);

bool is_utf8(std::string_view text);

/// `text` with every byte that is not UTF-8 replaced by U+FFFD, and nothing else changed.
std::string valid_utf8(std::string_view text);

/// Appends the character with that code point.
void append_utf8(std::string& text, std::uint32_t code);

/// Whether `byte` is the second to fourth of a character.
constexpr bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// The longest beginning of `text` of at most `most` bytes that cuts no character in two.
std::string_view beginning(std::string_view text, std::size_t most);

/// `text`, or its `beginning` and `…` where it is longer.
std::string truncated(std::string_view text, std::size_t most);

}  // namespace flowship
