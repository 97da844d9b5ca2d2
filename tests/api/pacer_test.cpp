#include "api/pacer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace flowship::api {
namespace {

/// A clock that a sleep moves on.
class FakeClock final : public Clock {
 public:
  Time now() const override { return {}; }
  Ticks ticks() const override { return ticks_; }
  bool sleep_until(Ticks deadline, const StopSignal& stop) const override {
    if (stop.requested()) return false;
    slept_.push_back(deadline - ticks_);
    ticks_ = deadline;
    return true;
  }
  const std::vector<Ticks::duration>& slept() const { return slept_; }

 private:
  mutable Ticks ticks_{};
  mutable std::vector<Ticks::duration> slept_;
};

TEST(Pacer, SendsAtOnceByDefault) {
  const FakeClock clock;
  const Pacer pacer(clock);
  EXPECT_TRUE(pacer.wait(StopSignal{}));
  EXPECT_TRUE(clock.slept().empty());
}

TEST(Pacer, HoldsAllRequestsUntilTheLatestMoment) {
  const FakeClock clock;
  Pacer pacer(clock);
  pacer.hold_until(clock.ticks() + std::chrono::seconds(5));
  pacer.hold_until(clock.ticks() + std::chrono::seconds(2));
  EXPECT_TRUE(pacer.wait(StopSignal{}));
  ASSERT_EQ(clock.slept().size(), 1U);
  EXPECT_EQ(clock.slept()[0], std::chrono::seconds(5));
  EXPECT_TRUE(pacer.wait(StopSignal{}));
  EXPECT_EQ(clock.slept().size(), 1U);
}

TEST(Pacer, EndsTheWaitAtAStop) {
  const FakeClock clock;
  Pacer pacer(clock);
  StopSignal stop;
  stop.request(2);
  EXPECT_FALSE(pacer.wait(stop));
  pacer.hold_until(clock.ticks() + std::chrono::hours(1));
  EXPECT_FALSE(pacer.wait(stop));
}

}  // namespace
}  // namespace flowship::api
