#include "cli/terminal.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace flowship::cli {
namespace {

TEST(Wrapping, BreaksAtSpacesAndIndents) {
  EXPECT_EQ(wrapped("one two three four five six", 20), "one two three four\nfive six");
  EXPECT_EQ(wrapped("one two", 20), "one two");
  EXPECT_EQ(wrapped("", 20), "");
  EXPECT_EQ(wrapped("a word-longer-than-a-whole-line b", 20), "a\nword-longer-than-a-whole-line\nb");
  EXPECT_EQ(row("left", "one two three four five six", 8, 28), "  left  one two three four\n        five six\n");
  EXPECT_EQ(row("longer", "text", 8, 80), "  longer\n        text\n");
}

TEST(Wrapping, CountsCodePoints) {
  EXPECT_EQ(width_of("[FLOW…]"), 7U);
  EXPECT_EQ(wrapped("…………… …………… ………", 20), "…………… …………… ………");
}

/// Sets environment variables, and removes them at the end.
class Terminal : public testing::Test {
 protected:
  void SetUp() override { TearDown(); }
  void TearDown() override {
    for (const char* name : {"NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"}) ::unsetenv(name);
  }
  static bool wanted(ColourWhen when = ColourWhen::automatic) { return wants_colour(when, -1); }
};

TEST_F(Terminal, ShowsColourByOptionThenVariablesThenTerminal) {
  EXPECT_FALSE(wanted());
  ::setenv("CLICOLOR_FORCE", "0", 1);
  EXPECT_FALSE(wanted());
  ::setenv("CLICOLOR_FORCE", "1", 1);
  EXPECT_TRUE(wanted());
  ::setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(wanted()) << "an empty one does not count";
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wanted());
  EXPECT_TRUE(wanted(ColourWhen::always));
  ::setenv("CLICOLOR_FORCE", "1", 1);
  EXPECT_FALSE(wanted(ColourWhen::never));
}

TEST_F(Terminal, TakesTheWidthFromColumns) {
  ::setenv("COLUMNS", "123", 1);
  EXPECT_EQ(text_columns(), 123);
  EXPECT_EQ(terminal_columns(-1), 80);
}

}  // namespace
}  // namespace flowship::cli
