#include "check/rules/marks.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace flowship::check {
namespace {

TEST(Mark, IsFoundWhereAPlainSearchFindsIt) {
  std::mt19937 random(7);
  for (const std::string_view text : {"://", "Q~", "PRIVATE KEY", "basic ", ".atlasv1.", "aa", "a/a/"}) {
    const Mark mark(text);
    EXPECT_EQ(mark.size(), text.size());
    for (int round = 0; round < 2000; ++round) {
      std::string searched;
      // Pieces of the mark, so that it is nearly there in most texts.
      while (searched.size() < 40) searched += text.substr(random() % text.size(), 1 + random() % text.size());
      const std::size_t from = random() % 50;
      EXPECT_EQ(mark.find_in(searched, from), searched.find(text, from)) << searched << " from " << from;
    }
  }
}

}  // namespace
}  // namespace flowship::check
