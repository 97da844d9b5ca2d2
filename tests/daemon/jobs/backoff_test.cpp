#include "daemon/jobs/backoff.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Backoff, DoublesUpToTheLongest) {
  EXPECT_EQ(backoff(1, seconds(5)), seconds(5));
  EXPECT_EQ(backoff(2, seconds(5)), seconds(10));
  EXPECT_EQ(backoff(4, seconds(5)), seconds(40));
  EXPECT_EQ(backoff(8, seconds(5)), seconds(640));
  EXPECT_EQ(backoff(9, seconds(5)), kLongestPause);
  EXPECT_EQ(backoff(1'000'000, seconds(5)), kLongestPause);
}

TEST(Backoff, NeverExceedsTheLongest) {
  EXPECT_EQ(backoff(1, seconds(5), milliseconds(200)), milliseconds(200));
  EXPECT_EQ(backoff(3, milliseconds(100), milliseconds(250)), milliseconds(250));
}

TEST(Backoff, CountsZeroAsOne) { EXPECT_EQ(backoff(0, seconds(5)), seconds(5)); }

}  // namespace
}  // namespace flowship::daemon
