#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(Clock, WritesAndReadsRfc3339) {
  const Time time = std::chrono::system_clock::from_time_t(1'795'485'120);
  EXPECT_EQ(to_rfc3339(time), "2026-11-24T01:52:00Z");
  EXPECT_EQ(from_rfc3339("2026-11-24T01:52:00Z"), time);
}

TEST(Clock, RefusesOtherForms) {
  EXPECT_FALSE(from_rfc3339(""));
  EXPECT_FALSE(from_rfc3339("2026-11-24"));
  EXPECT_FALSE(from_rfc3339("2026-11-24T01:52:00Z!"));
}

TEST(StopSignal, EndsASleep) {
  StopSignal stop;
  stop.request(15);
  EXPECT_FALSE(system_clock().sleep_until(std::chrono::steady_clock::now() + std::chrono::hours(1), stop));
  EXPECT_EQ(stop.signal(), 15);
}

}  // namespace
}  // namespace flowship
