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
  for (const char* text :
       {"", "2026-11-24", "2026-11-24T01:52:00Z!", " 2026-11-24T01:52:00Z", "2026-11-24 01:52:00Z",
        "2026-11-24T01:52:00+00:00", "2026-11-24T01:52:00.5Z", "2026-11-24T1:52:00Z", "26-11-24T01:52:00Z"}) {
    EXPECT_FALSE(from_rfc3339(text)) << text;
  }
}

TEST(Clock, RefusesTimesThatDoNotExist) {
  for (const char* text : {"2026-11-24T99:99:99Z", "2026-11-24T24:00:00Z", "2026-11-24T01:60:00Z",
                           "2026-11-24T01:52:61Z", "2026-11-31T01:52:00Z", "2026-02-29T01:52:00Z",
                           "2026-13-01T01:52:00Z", "2026-00-01T01:52:00Z", "2026-11-00T01:52:00Z"}) {
    EXPECT_FALSE(from_rfc3339(text)) << text;
  }
  EXPECT_TRUE(from_rfc3339("2028-02-29T23:59:59Z"));
}

TEST(StopSignal, EndsASleep) {
  StopSignal stop;
  stop.request(15);
  EXPECT_FALSE(system_clock().sleep_until(std::chrono::steady_clock::now() + std::chrono::hours(1), stop));
  EXPECT_EQ(stop.signal(), 15);
}

}  // namespace
}  // namespace flowship
