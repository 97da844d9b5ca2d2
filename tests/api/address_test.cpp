#include "api/address.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
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
  mutable Ticks ticks_{std::chrono::hours(1)};
  mutable std::vector<Ticks::duration> slept_;
};

TEST(Address, SendsAtOnceByDefault) {
  const FakeClock clock;
  Address address;
  EXPECT_TRUE(address.wait_for_turn(clock, StopSignal{}, Urgency::deployment));
  EXPECT_TRUE(clock.slept().empty());
}

TEST(Address, HoldsAllRequestsUntilTheLatestMoment) {
  const FakeClock clock;
  Address address;
  address.hold_until(clock.ticks() + std::chrono::seconds(5));
  address.hold_until(clock.ticks() + std::chrono::seconds(2));
  EXPECT_FALSE(address.take_free_turn(clock.ticks()));
  EXPECT_TRUE(address.wait_for_turn(clock, StopSignal{}, Urgency::deployment));
  ASSERT_EQ(clock.slept().size(), 1U);
  EXPECT_EQ(clock.slept()[0], std::chrono::seconds(5));
}

TEST(Address, EndsTheWaitAtAStop) {
  const FakeClock clock;
  Address address;
  StopSignal stop;
  stop.request(2);
  EXPECT_FALSE(address.wait_for_turn(clock, stop, Urgency::deployment));
}

/// One thread's view of a time that only the test moves.
class HandClock final : public Clock {
 public:
  explicit HandClock(const std::atomic<Ticks>& ticks) : ticks_(ticks) {}
  Time now() const override { return {}; }
  Ticks ticks() const override { return ticks_; }
  bool sleep_until(Ticks, const StopSignal& stop) const override {
    slept_ = true;
    std::this_thread::yield();
    return !stop.requested();
  }
  void wait_for_sleep() const {
    while (!slept_) std::this_thread::yield();
  }

 private:
  const std::atomic<Ticks>& ticks_;
  mutable std::atomic<bool> slept_ = false;
};

TEST(Address, DeploymentsGoBeforeDriftChecks) {
  std::atomic<Ticks> ticks{Ticks(std::chrono::hours(1))};
  const HandClock clock_of_deployment(ticks);
  const HandClock clock_of_check(ticks);
  Address address(Rate{1, std::chrono::hours(1)});
  address.let_through(*address.take_free_turn(ticks), ticks);
  StopSignal stop;
  std::atomic<bool> deployed = false;
  std::atomic<bool> checked = false;
  std::thread check([&] { checked = address.wait_for_turn(clock_of_check, stop, Urgency::drift_check).has_value(); });
  clock_of_check.wait_for_sleep();
  std::thread deployment(
      [&] { deployed = address.wait_for_turn(clock_of_deployment, stop, Urgency::deployment).has_value(); });
  clock_of_deployment.wait_for_sleep();
  ticks = ticks.load() + std::chrono::hours(1);
  deployment.join();
  EXPECT_TRUE(deployed);
  stop.request();
  check.join();
  EXPECT_FALSE(checked);
}

TEST(Address, SaysOnceThatACallWaits) {
  std::atomic<Ticks> ticks{Ticks(std::chrono::hours(1))};
  const HandClock clock(ticks);
  Address address(Rate{1, std::chrono::hours(1)});
  StopSignal stop;
  int waits = 0;
  const auto on_wait = [&] { ++waits; };
  EXPECT_TRUE(address.wait_for_turn(clock, stop, Urgency::drift_check, on_wait));
  EXPECT_EQ(waits, 0);
  std::thread second([&] { address.wait_for_turn(clock, stop, Urgency::drift_check, on_wait); });
  clock.wait_for_sleep();
  stop.request();
  second.join();
  EXPECT_EQ(waits, 1);
}

TEST(Address, AsksForALicenseOnceForAKey) {
  Address address;
  int asked = 0;
  const auto ask = [&]() -> std::optional<std::string> {
    ++asked;
    return asked == 1 ? std::nullopt : std::optional<std::string>("tier2");
  };
  EXPECT_EQ(address.license("a", ask), "") << "it could not be asked for yet";
  EXPECT_EQ(address.license("a", ask), "tier2");
  EXPECT_EQ(address.license("a", ask), "tier2");
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(address.license("b", [] { return std::optional<std::string>(""); }), "");
  EXPECT_EQ(address.license("b", ask), "") << "a failure is not repeated";
}

TEST(Address, IsTheSameForOneUrl) {
  Addresses addresses;
  EXPECT_EQ(addresses.at("http://a"), addresses.at("http://a"));
  EXPECT_NE(addresses.at("http://a"), addresses.at("http://b"));
}

}  // namespace
}  // namespace flowship::api
