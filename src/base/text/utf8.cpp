#include "base/text/utf8.hpp"

#include <Poco/UTF8Encoding.h>

#include <algorithm>
#include <array>

namespace flowship {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::uint32_t kReplacementCode = 0xFFFD;

const Poco::UTF8Encoding& encoding() {
  static const Poco::UTF8Encoding utf8;
  return utf8;
}

std::size_t encoded_length(std::uint32_t code) {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (*bytes < 0x80) return {text.substr(0, 1), *bytes};
  // Longer sequences are never valid, and Poco takes the length as an `int`.
  constexpr std::size_t kLongest = 4;
  const int code = encoding().queryConvert(bytes, static_cast<int>(std::min(text.size(), kLongest)));
  if (code < 0) return {text.substr(0, 1), kReplacementCode, false};
  return {text.substr(0, encoded_length(static_cast<std::uint32_t>(code))), static_cast<std::uint32_t>(code)};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character character = first_character(text);
    if (!character.valid) return false;
    text.remove_prefix(character.bytes.size());
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    result += character.valid ? character.bytes : kReplacement;
    text.remove_prefix(character.bytes.size());
  }
  return result;
}

void append_utf8(std::string& text, std::uint32_t code) {
  std::array<unsigned char, 4> bytes{};
  const int length = encoding().convert(static_cast<int>(code), bytes.data(), static_cast<int>(bytes.size()));
  text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && continues_character(text[most])) --most;
  return text.substr(0, most);
}

std::string truncated(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  return std::string(beginning(text, most)).append("…");
}

}  // namespace flowship
