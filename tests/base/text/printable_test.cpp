#include "base/text/printable.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(Printable, KeepsOrdinaryTextOfAnyScript) { EXPECT_EQ(printable("Grüße 👋 שלום"), "Grüße 👋 שלום"); }

TEST(Printable, TakesTheTeethOutOfControlCharacters) {
  EXPECT_EQ(printable("a\nb\x1b[31m"), "a\\nb\\x1b[31m");
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "abc"),
            "\\u{202e}abc");
}

TEST(Printable, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("a\xFF"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(valid_utf8("\xC0\xAF\n"), "\xEF\xBF\xBD\xEF\xBF\xBD\n");
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_TRUE(is_utf8("\xF4\x8F\xBF\xBF"));
}

}  // namespace
}  // namespace flowship
