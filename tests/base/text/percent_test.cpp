#include "base/text/percent.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(PercentEncoded, KeepsLettersDigitsAndWhatIsPlain) {
  EXPECT_EQ(percent_encoded("aZ9-_", "-_"), "aZ9-_");
  EXPECT_EQ(percent_encoded("../a b%\xC3\xA9", "-_"), "%2E%2E%2Fa%20b%25%C3%A9");
  EXPECT_EQ(percent_encoded("", "/"), "");
}

}  // namespace
}  // namespace flowship
