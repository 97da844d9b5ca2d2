#include "base/text/split.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

using Parts = std::vector<std::string_view>;

TEST(Split, LeavesOutEmptyParts) {
  EXPECT_EQ(split("a\nb\n", '\n'), (Parts{"a", "b"}));
  EXPECT_EQ(split("\n\na\n\nb", '\n'), (Parts{"a", "b"}));
  EXPECT_EQ(split(std::string_view("a\0b c\0", 6), '\0'), (Parts{"a", "b c"}));
  EXPECT_EQ(split("", ' '), Parts());
}

}  // namespace
}  // namespace flowship
