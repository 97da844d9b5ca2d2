#include "report/text/excerpt.hpp"

#include "report/text/characters.hpp"

#include <gtest/gtest.h>

namespace flowship::report {
namespace {

Excerpt excerpt(const std::string& line, int column) { return SourceLine(line).around(column); }

TEST(Excerpt, PutsTheCaretUnderTheCharacter) {
  const Excerpt shown = excerpt("{\"a\": 1}", 7);
  EXPECT_EQ(shown.line, "{\"a\": 1}");
  EXPECT_EQ(shown.indent, std::string(6, ' '));
}

TEST(Excerpt, KeepsTabs) {
  EXPECT_EQ(excerpt("\t\tx", 3).line, "\t\tx");
  EXPECT_EQ(excerpt("\t\tx", 3).indent, "\t\t");
}

TEST(Excerpt, MeasuresWideCharacters) {
  EXPECT_EQ(excerpt("👋é漢x", 4).indent, std::string(5, ' '));
  EXPECT_EQ(excerpt("e\xCC\x81x", 3).indent, " ");
}

TEST(Excerpt, EscapesControlSequences) {
  const Excerpt shown = excerpt("\x1b[2J\xFFx", 6);
  EXPECT_EQ(shown.line, "\\x1b[2J\xEF\xBF\xBDx");
  EXPECT_EQ(shown.indent, std::string(8, ' '));
}

TEST(Excerpt, CutsALongLineAroundTheColumn) {
  const Excerpt shown = excerpt(std::string(500, 'a') + "X" + std::string(500, 'b'), 501);
  EXPECT_EQ(shown.line, "…" + std::string(60, 'a') + "X" + std::string(39, 'b') + "…");
  EXPECT_EQ(shown.indent, std::string(61, ' '));
}

TEST(Excerpt, IsTheSameInAnyOrder) {
  std::string text;
  for (int number = 0; number < 500; ++number) text += "é" + std::to_string(number);
  SourceLine line(text);
  for (const int column : {1, 70, 700, 705, 300, 1, 1900, 1700, 5000, 2}) {
    const Excerpt alone = excerpt(text, column);
    const Excerpt after_others = line.around(column);
    EXPECT_EQ(after_others.line, alone.line) << column;
    EXPECT_EQ(after_others.indent, alone.indent) << column;
  }
}

TEST(Excerpt, ClampsTheColumn) {
  EXPECT_EQ(excerpt("ab", 9).indent, "  ");
  EXPECT_EQ(excerpt("", 1).line, "");
}

TEST(Characters, FitIntoTheWidth) {
  EXPECT_EQ(fitting("abc", 2), "ab");
  EXPECT_EQ(fitting("a👋b", 2), "a");
  EXPECT_EQ(fitting("a👋b", 9), "a👋b");
  EXPECT_EQ(fitting("abc", 0), "");
}

}  // namespace
}  // namespace flowship::report
