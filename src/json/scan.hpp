#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace flowship::json {

/// Eight bytes of `text` from `at`, the first one lowest. They must be there.
inline std::uint64_t eight_bytes(std::string_view text, std::size_t at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data() + at, sizeof bytes);
  return bytes;
}

/// Whether the tricks with eight bytes at once hold on this machine.
constexpr bool kEightAtOnce = std::endian::native == std::endian::little;

/// The same byte eight times.
constexpr std::uint64_t eight_times(char byte) { return 0x0101010101010101U * static_cast<unsigned char>(byte); }

/// The index of the lowest byte of `word` in which a bit is set; `word` is not 0.
inline std::size_t lowest_byte(std::uint64_t word) { return static_cast<std::size_t>(std::countr_zero(word)) / 8; }

/// Marks the bytes that end a run of plain characters in a string, each in its high bit. A byte above a marked one may
/// be marked wrongly, so only the lowest mark counts.
inline std::uint64_t string_marks(std::uint64_t bytes) {
  constexpr std::uint64_t kHighs = eight_times('\x80');
  const auto below = [](std::uint64_t word, char limit) { return (word - eight_times(limit)) & ~word; };
  const std::uint64_t quotes = below(bytes ^ eight_times('"'), 1);
  const std::uint64_t backslashes = below(bytes ^ eight_times('\\'), 1);
  return (quotes | backslashes | below(bytes, ' ') | bytes) & kHighs;
}

/// Where the run of plain characters (ASCII, no quote, backslash or control) that begins at `at` ends.
inline std::size_t end_of_plain(std::string_view text, std::size_t at) {
  if constexpr (kEightAtOnce) {
    for (; text.size() - at >= 8; at += 8) {
      if (const std::uint64_t marks = string_marks(eight_bytes(text, at)); marks != 0) return at + lowest_byte(marks);
    }
  }
  const auto is_plain = [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
  };
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

/// Where the white space that begins at `at` ends.
inline std::size_t end_of_space(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const char found = text[at];
    if (found != ' ' && found != '\n' && found != '\r' && found != '\t') break;
    ++at;
    if constexpr (kEightAtOnce) {
      // Indentation comes in long runs.
      for (; text.size() - at >= 8; at += 8) {
        if (const std::uint64_t others = eight_bytes(text, at) ^ eight_times(' '); others != 0) {
          at += lowest_byte(others);
          break;
        }
      }
    }
  }
  return at;
}

/// The length of the well-formed UTF-8 character that begins at `at` with a byte past ASCII; 0 when there is none.
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) -> unsigned {
    return offset < text.size() - at ? static_cast<unsigned char>(text[at + offset]) : 0U;
  };
  const auto continues = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned least = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned most = lead == 0xED ? 0x9F : 0xBF;
    return byte(1) >= least && byte(1) <= most && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned least = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= least && byte(1) <= most && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace flowship::json
