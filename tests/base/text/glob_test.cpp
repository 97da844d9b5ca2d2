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

}  // namespace
}  // namespace flowship
