#include "base/text/utf8.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

bool is_surrogate(std::uint32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

TEST(Utf8, DecodesEveryCharacter) {
  for (std::uint32_t code = 0; code <= 0x10FFFF; ++code) {
    if (is_surrogate(code)) continue;
    std::string text;
    append_utf8(text, code);
    const std::size_t length = text.size();
    text += "x";
    const Character first = first_character(text);
    ASSERT_TRUE(first.valid) << code;
    ASSERT_EQ(first.code, code);
    ASSERT_EQ(first.bytes.size(), length) << code;
    const std::string_view cut = std::string_view(text).substr(0, length - 1);
    ASSERT_TRUE(cut.empty() || !first_character(cut).valid) << code;
  }
}

// What Unicode calls well-formed (table 3-7), said another way than Poco's tables do: decode without looking, and
// accept what encodes to the same bytes.
TEST(Utf8, AcceptsNothingElse) {
  std::size_t accepted = 0;
  for (unsigned lead = 0x80; lead <= 0xFF; ++lead) {
    for (unsigned second = 0; second <= 0xFF; ++second) {
      for (const unsigned third : {0x00U, 0x7FU, 0x80U, 0xBFU, 0xC0U, 0xFFU}) {
        for (const unsigned fourth : {0x7FU, 0x80U, 0xBFU, 0xC0U}) {
          const std::string text{static_cast<char>(lead), static_cast<char>(second), static_cast<char>(third),
                                 static_cast<char>(fourth)};
          const Character first = first_character(text);
          if (!first.valid) {
            ASSERT_EQ(first.bytes.size(), 1U);
            ASSERT_EQ(first.code, 0xFFFDU);
            continue;
          }
          ++accepted;
          ASSERT_FALSE(is_surrogate(first.code));
          std::string again;
          append_utf8(again, first.code);
          ASSERT_EQ(first.bytes, again);
        }
      }
    }
  }
  EXPECT_GT(accepted, 0U);
  for (const char* text : {"\xC0\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                           "\xF5\x80", "\xF8\x88\x80\x80\x80", "\xFF", "\x80"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Utf8, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(valid_utf8("\xC0\xAF\n"), "\xEF\xBF\xBD\xEF\xBF\xBD\n");
  EXPECT_EQ(valid_utf8("a\x1b\xEF\xBF\xBD"), "a\x1b\xEF\xBF\xBD");
  EXPECT_TRUE(is_utf8("\xF4\x8F\xBF\xBF"));
  EXPECT_TRUE(is_utf8(""));
}

TEST(Utf8, TruncatesBetweenCharacters) {
  EXPECT_EQ(truncated("häuser", 6), "häuse…");
  EXPECT_EQ(truncated("häuser", 7), "häuser");
  EXPECT_EQ(truncated("häuser", 2), "h…");
  EXPECT_EQ(truncated("👋👋", 7), "👋…");
  EXPECT_EQ(truncated("👋", 3), "…");
  EXPECT_EQ(beginning("👋👋", 7), "👋");
  EXPECT_EQ(beginning("", 0), "");
}

}  // namespace
}  // namespace flowship
