#include "base/text/printable.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(Printable, KeepsOrdinaryTextOfAnyScript) { EXPECT_EQ(printable("Grüße 👋 שלום"), "Grüße 👋 שלום"); }

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(printable("a\nb\x1b[31m"), "a\\nb\\x1b[31m");
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "abc"),
            "\\u{202e}abc");
}

TEST(Printable, EscapesWhatCanNotBeSeen) {
  EXPECT_EQ(printable("a\u00ADb\u200Bc\u200Dd\uFEFF\u3164"), "a\\xadb\\u{200b}c\\u{200d}d\\u{feff}\\u{3164}");
  EXPECT_EQ(printable("\U000E0001\U000E0101\uFE00"), "\\u{e0001}\\u{e0101}\\u{fe00}");
  EXPECT_EQ(printable("\x7F\u009B\u2066\u2028"), "\\x7f\\x9b\\u{2066}\\u{2028}");
  EXPECT_EQ(printable("⚠\uFE0F é\u00A0ﷺ"), "⚠\uFE0F é\u00A0ﷺ");
}

TEST(Printable, KeepsLineBreaksOfSeveralLines) {
  EXPECT_EQ(printable_lines("a\u200B\r\nb\n"), "a\\u{200b}\\r\nb\n");
  EXPECT_EQ(printable_lines("a"), "a");
}

TEST(Printable, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("a\xFF"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
}

}  // namespace
}  // namespace flowship
