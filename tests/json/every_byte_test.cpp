#include "json/document.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace flowship::json {
namespace {

std::string escaped(int unit) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(unit));
  return text;
}

bool is_read(const std::string& inside) { return Document::read("\"" + inside + "\"").document != nullptr; }

TEST(EveryByte, IsAnEscapeOnlyWhereJsonSaysSo) {
  for (int byte = 0; byte < 256; ++byte) {
    const char letter = static_cast<char>(byte);
    const bool is_own = letter != '\0' && std::string_view("\"\\/bfnrt").find(letter) != std::string_view::npos;
    EXPECT_EQ(is_read(std::string("\\") + letter), is_own) << byte;
  }
}

TEST(EveryByte, IsPlainOrRefusedAtEveryOffset) {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      for (int byte = 0; byte < 256; ++byte) {
        const char letter = static_cast<char>(byte);
        const bool is_plain = byte >= 0x20 && byte < 0x80 && letter != '"' && letter != '\\';
        const std::string inside = std::string(before, '~') + letter + std::string(after, '~');
        const ReadResult result = Document::read("\"" + inside + "\"");
        ASSERT_EQ(result.document != nullptr, is_plain) << byte << " after " << before << ", before " << after;
        // A quote ends the string early, and a backslash takes the next byte along.
        if (is_plain || letter == '"' || letter == '\\') continue;
        ASSERT_EQ(result.fault->position.column, static_cast<int>(before) + 2) << byte;
      }
    }
  }
}

TEST(EveryCodeUnit, StandsAloneUnlessItIsASurrogate) {
  for (int unit = 0; unit <= 0xFFFF; ++unit) {
    const bool is_surrogate = unit >= 0xD800 && unit <= 0xDFFF;
    ASSERT_EQ(is_read(escaped(unit)), !is_surrogate) << escaped(unit);
    ASSERT_EQ(is_read("\\ud83d" + escaped(unit)), unit >= 0xDC00 && unit <= 0xDFFF) << escaped(unit);
  }
}

}  // namespace
}  // namespace flowship::json
