#include "base/text/did_you_mean.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(Nearest, FindsWhatWasMistyped) {
  EXPECT_EQ(nearest_names("sign-upp", {"sign-up", "sign-in", "reset"}).front(), "sign-up");
  EXPECT_TRUE(nearest_names("welcome", {"mfa", "sign-in"}).empty());
}

TEST(Nearest, AsksInOneSentence) {
  EXPECT_EQ(did_you_mean("depoly", {"deploy", "plan"}), "did you mean `deploy`?");
  EXPECT_EQ(did_you_mean("xyz", {"deploy"}), "");
  EXPECT_EQ(did_you_mean("depoly", {"deploy", "deploy"}), "did you mean `deploy`?");
}

}  // namespace
}  // namespace flowship
