#include "base/text/printable.hpp"

#include <cstdint>
#include <cstdio>

namespace flowship {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// The length of the well-formed character at the start of `text`, 0 when there is none; its code point in `code`.
std::size_t character(std::string_view text, std::uint32_t& code) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) {
    code = lead;
    return 1;
  }
  std::size_t length = 0;
  std::uint32_t least = 0;
  if (lead >= 0xC2 && lead < 0xE0) {
    length = 2, least = 0x80, code = lead & 0x1FU;
  } else if (lead >= 0xE0 && lead < 0xF0) {
    length = 3, least = 0x800, code = lead & 0x0FU;
  } else if (lead >= 0xF0 && lead < 0xF5) {
    length = 4, least = 0x10000, code = lead & 0x07U;
  } else {
    return 0;
  }
  if (text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0U) != 0x80) return 0;
    code = (code << 6U) | (byte(at) & 0x3FU);
  }
  const bool well_formed = code >= least && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return well_formed ? length : 0;
}

bool is_invisible_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
         (code >= 0x200E && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

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

template <typename Each>
void for_each_character(std::string_view text, Each each) {
  while (!text.empty()) {
    std::uint32_t code = 0;
    const std::size_t length = character(text, code);
    each(text.substr(0, length), code);
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  bool valid = true;
  for_each_character(text, [&](std::string_view bytes, std::uint32_t) { valid = valid && !bytes.empty(); });
  return valid;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for_each_character(text, [&](std::string_view bytes, std::uint32_t code) {
    if (bytes.empty()) {
      result += kReplacement;
    } else if (is_invisible_control(code)) {
      result += escaped(code);
    } else {
      result += bytes;
    }
  });
  return result;
}

std::string valid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for_each_character(text,
                     [&](std::string_view bytes, std::uint32_t) { result += bytes.empty() ? kReplacement : bytes; });
  return result;
}

}  // namespace flowship
