#include "base/held_secrets.hpp"

#include "base/trace.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

namespace flowship {
namespace {

// What is held stays held in this process: each test has a secret of its own.

TEST(HeldSecrets, BecomeStars) {
  hold(Secret("Kq7vandalism"));
  hold(Secret("Kq7vandalism"));
  EXPECT_EQ(without_held("a Kq7vandalism:Kq7vandalismKq7v"), "a ************:************Kq7v");
  EXPECT_EQ(find_held("Kq7vandalism").size(), 1U);
  EXPECT_EQ(without_credentials("git config remote.Kq7vandalism.url"), "git config remote.************.url");
}

TEST(HeldSecrets, MayOverlap) {
  hold(Secret("Kabababab"));
  hold(Secret("bababcdef"));
  EXPECT_EQ(without_held("xKababababcdefx"), "x*************x");
}

TEST(HeldSecrets, AreNotShort) {
  hold(Secret("Kshortw"));
  EXPECT_EQ(without_held("Kshortw"), "Kshortw");
}

TEST(HeldSecrets, MayComeFromAVariable) {
  ::setenv("FLOWSHIP_TEST_HELD", "Kvariable7", 1);
  hold_variable("FLOWSHIP_TEST_HELD");
  hold_variable("FLOWSHIP_TEST_NOT_SET");
  EXPECT_EQ(without_held("Kvariable7"), "**********");
}

TEST(HeldSecrets, AreNotWrittenToAMaskedStream) {
  hold(Secret("Kstream777"));
  std::ostringstream out;
  {
    const MaskedStream masked(out);
    out << "a Kstream777 " << 1 << 'b' << std::flush;
  }
  out << " Kstream777";
  EXPECT_EQ(out.str(), "a ********** 1b Kstream777");
}

}  // namespace
}  // namespace flowship
