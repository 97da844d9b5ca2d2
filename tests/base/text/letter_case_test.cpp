#include "base/text/letter_case.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(LetterCase, LowersAsciiOnly) {
  EXPECT_EQ(lower_case("Sign-Up_Z1[`{"), "sign-up_z1[`{");
  EXPECT_EQ(lower_case("ÄÖ\xFF"), "ÄÖ\xFF");
}

}  // namespace
}  // namespace flowship
