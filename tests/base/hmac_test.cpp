#include "base/hmac.hpp"

#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(Hmac, MatchesRfc4231) {
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256("", "").size(), 32U);
}

TEST(Hmac, ComparesWholeTexts) {
  EXPECT_TRUE(same_in_constant_time("", ""));
  EXPECT_TRUE(same_in_constant_time("abc", "abc"));
  EXPECT_FALSE(same_in_constant_time("abc", "abd"));
  EXPECT_FALSE(same_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace flowship
