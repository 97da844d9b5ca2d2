#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Classes of letters that tokens are made of, as bits.

namespace flowship::check {

constexpr std::uint8_t kAlnum = 1;
constexpr std::uint8_t kUpper = 2;        // capital letters and digits
constexpr std::uint8_t kHex = 4;          // digits and `a` to `f`
constexpr std::uint8_t kWord = 8;         // alphanumeric, `_`, `-`
constexpr std::uint8_t kToken = 16;       // the same and `.`
constexpr std::uint8_t kBase64 = 32;      // alphanumeric, `+`, `/`
constexpr std::uint8_t kBearer = 64;      // what RFC 6750 allows
constexpr std::uint8_t kUpperDash = 128;  // capital letters, digits and `-`

constexpr std::array<std::uint8_t, 256> kClasses = [] {
  constexpr std::uint8_t kAll = kAlnum | kWord | kToken | kBase64 | kBearer;
  std::array<std::uint8_t, 256> classes{};
  const auto add = [&](std::string_view letters, int wanted) {
    for (const char letter : letters) classes[static_cast<unsigned char>(letter)] = static_cast<std::uint8_t>(wanted);
  };
  add("0123456789", kAll | kUpper | kUpperDash | kHex);
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZ", kAll | kUpper | kUpperDash);
  add("abcdef", kAll | kHex);
  add("ghijklmnopqrstuvwxyz", kAll);
  add("_", kWord | kToken | kBearer);
  add("-", kWord | kToken | kBearer | kUpperDash);
  add(".", kToken | kBearer);
  add("+/", kBase64 | kBearer);
  add("~=", kBearer);
  return classes;
}();

inline bool is(char letter, std::uint8_t wanted) {
  return (kClasses[static_cast<unsigned char>(letter)] & wanted) != 0;
}

/// How many letters from `begin` on are of a class.
inline std::size_t run_of(std::string_view text, std::size_t begin, std::uint8_t wanted) {
  std::size_t end = begin;
  while (end < text.size() && is(text[end], wanted)) ++end;
  return end - begin;
}

}  // namespace flowship::check
