#include "base/duration.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ParsesANumberWithAUnit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("15m"), milliseconds(900'000));
  EXPECT_EQ(parse_duration("2h"), milliseconds(7'200'000));
  EXPECT_EQ(parse_duration("7"), milliseconds(7'000));
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text : {"", "s", "-1s", "1.5s", "1 s", "1d", "99999999999999999999s", "999999999999h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

}  // namespace
}  // namespace flowship
