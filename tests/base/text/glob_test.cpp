#include "base/text/glob.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

using Texts = std::vector<std::string>;

TEST(Globs, AreReplacedByWhatTheyMatch) {
  const Texts known{"mfa", "sign-in", "sign-up"};
  EXPECT_EQ(with_globs_resolved({"sign-*"}, known), (Texts{"sign-in", "sign-up"}));
  EXPECT_EQ(with_globs_resolved({"sign-in", "*"}, known), known) << "each once";
  EXPECT_EQ(with_globs_resolved({"mf?"}, known), Texts{"mfa"});
}

TEST(Globs, StayWhereTheyMatchNothing) {
  EXPECT_EQ(with_globs_resolved({"x*", "other"}, {"a"}), (Texts{"other", "x*"}));
  EXPECT_TRUE(with_globs_resolved({}, {"a"}).empty());
}

TEST(Globs, TakeNoLongerWithManyStars) {
  std::string glob;
  for (int star = 0; star < 100; ++star) glob += "*a";
  EXPECT_FALSE(matches_glob(glob + "*b", std::string(1000, 'a')));
  EXPECT_TRUE(matches_glob(glob + "*", std::string(1000, 'a')));
}

TEST(Globs, TakeBracketsAndEscapes) {
  EXPECT_TRUE(matches_glob("sign-[iu]*", "sign-up"));
  EXPECT_TRUE(matches_glob("a\\*", "a*"));
  EXPECT_FALSE(matches_glob("a\\*", "ab"));
  EXPECT_FALSE(matches_glob("[", "a"));
}

}  // namespace
}  // namespace flowship
