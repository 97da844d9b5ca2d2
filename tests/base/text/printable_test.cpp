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

TEST(Printable, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("a\xFF"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
}

}  // namespace
}  // namespace flowship
