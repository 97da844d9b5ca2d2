#include "api/rate_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace flowship::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Ticks kStart{std::chrono::hours(1)};

/// A service that lets `rate` through, and refuses the rest.
struct Limited {
  Rate rate;
  bool with_header = false;
  std::deque<Ticks> taken = {};
  int refusals = 0;

  bool takes(Ticks now) {
    while (!taken.empty() && taken.front() + rate.window <= now) taken.pop_front();
    if (static_cast<int>(taken.size()) < rate.requests) {
      taken.push_back(now);
      return true;
    }
    ++refusals;
    return false;
  }
  std::optional<milliseconds> header(Ticks now) const {
    if (!with_header) return std::nullopt;
    return std::chrono::ceil<seconds>(taken.front() + rate.window - now);
  }
};

/// Sends `count` requests with several workers, each of which sends a refused one again. Returns the time it takes.
Ticks::duration send(int count, int workers, milliseconds latency, RateBudget& budget, Limited& service, Ticks& now) {
  struct UnderWay {
    RateBudget::Ticket ticket;
    bool taken;
    std::optional<milliseconds> asked;
  };
  const Ticks start = now;
  std::vector<UnderWay> under_way;
  int unsent = count;
  while (unsent > 0 || !under_way.empty()) {
    for (auto one = under_way.begin(); one != under_way.end();) {
      if (one->ticket.sent + latency > now) {
        ++one;
        continue;
      }
      if (one->taken) {
        budget.let_through(one->ticket, now);
      } else {
        budget.refused(one->ticket, now, one->asked);
        ++unsent;
      }
      one = under_way.erase(one);
    }
    while (unsent > 0 && static_cast<int>(under_way.size()) < workers && budget.turn(now).now) {
      const RateBudget::Ticket ticket = budget.take(now);
      const bool taken = service.takes(now);
      under_way.push_back({ticket, taken, taken ? std::nullopt : service.header(now)});
      --unsent;
    }
    now += milliseconds(1);
  }
  return now - start;
}

/// The least time for `count` requests.
Ticks::duration ideal(int count, const Rate& rate) { return rate.window * ((count - 1) / rate.requests); }

TEST(RateBudget, SendsAllAtOnceWhileNothingIsRefused) {
  RateBudget budget;
  for (int sent = 0; sent < 1000; ++sent) {
    EXPECT_TRUE(budget.turn(kStart).now);
    budget.let_through(budget.take(kStart), kStart);
  }
  EXPECT_FALSE(budget.rate());
}

TEST(RateBudget, PausesAllAndProbesWithOne) {
  RateBudget budget;
  Ticks now = kStart;
  budget.let_through(budget.take(now), now);
  const auto first = budget.take(now);
  const auto second = budget.take(now);
  EXPECT_EQ(budget.refused(first, now, std::nullopt)->length, seconds(1));
  EXPECT_FALSE(budget.refused(second, now, std::nullopt)) << "it was under way already";
  for (const int pause : {1, 2, 4, 8, 16, 32, 60, 60}) {
    EXPECT_FALSE(budget.turn(now + seconds(pause) - milliseconds(1)).now);
    EXPECT_EQ(budget.turn(now).at, now + seconds(pause));
    now += seconds(pause);
    EXPECT_TRUE(budget.turn(now).now);
    const auto probe = budget.take(now);
    EXPECT_FALSE(budget.turn(now + seconds(5)).now) << "one alone";
    budget.refused(probe, now, std::nullopt);
  }
  EXPECT_EQ(budget.refusing(now), now - kStart);
  now += seconds(60);
  budget.let_through(budget.take(now), now);
  EXPECT_EQ(budget.refusing(now), seconds(0));
  now += seconds(3600);
  const auto again = budget.refused(budget.take(now), now, std::nullopt);
  EXPECT_EQ(again->length, seconds(1)) << "from the start again";
  EXPECT_EQ(again->number, 1);
}

TEST(RateBudget, SaysWhenSomethingNewMayBegin) {
  RateBudget budget;
  Ticks now = kStart;
  EXPECT_FALSE(budget.is_pausing());
  EXPECT_FALSE(budget.pause(now));
  budget.refused(budget.take(now), now, seconds(5));
  EXPECT_TRUE(budget.is_pausing());
  EXPECT_EQ(budget.pause(now), now + seconds(5));
  now += seconds(5);
  EXPECT_TRUE(budget.is_pausing());
  EXPECT_FALSE(budget.pause(now)) << "somebody has to find out";
  const RateBudget::Ticket probe = budget.take(now);
  EXPECT_EQ(budget.pause(now), now) << "somebody does";
  budget.let_through(probe, now);
  EXPECT_FALSE(budget.is_pausing());
  EXPECT_FALSE(budget.pause(now));
}

TEST(RateBudget, WaitsAsLongAsTheServiceAsks) {
  RateBudget budget;
  const auto first = budget.take(kStart);
  const auto second = budget.take(kStart);
  EXPECT_EQ(budget.refused(first, kStart, seconds(7))->length, seconds(7));
  budget.refused(second, kStart + milliseconds(1), seconds(9));
  EXPECT_EQ(budget.turn(kStart + seconds(8)).at, kStart + seconds(9) + milliseconds(1));
}

TEST(RateBudget, AnUnansweredProbeIsRepeated) {
  RateBudget budget;
  budget.refused(budget.take(kStart), kStart, std::nullopt);
  const Ticks now = kStart + seconds(1);
  budget.unanswered(budget.take(now), now);
  EXPECT_TRUE(budget.turn(now).now);
  budget.take(now);
  EXPECT_FALSE(budget.turn(now).now);
}

TEST(RateBudget, LearnsTheRate) {
  for (const bool with_header : {false, true}) {
    for (const int workers : {1, 4, 8}) {
      for (const int latency : {2, 30, 150}) {
        for (const Rate& rate : {Rate{40, seconds(2)}, Rate{100, seconds(60)}, Rate{10, seconds(1)}}) {
          RateBudget budget;
          Limited service{.rate = rate, .with_header = with_header};
          Ticks now = kStart;
          const int count = 12 * rate.requests;
          const Ticks::duration took = send(count, workers, milliseconds(latency), budget, service, now);
          const Ticks::duration least =
              std::max<Ticks::duration>(ideal(count, rate), milliseconds(latency) * count / workers);
          const std::string what = std::to_string(rate.requests) + (with_header ? " with header, " : ", ") +
                                   std::to_string(workers) + " workers, " + std::to_string(latency) + " ms";
          EXPECT_LE(service.refusals, 25) << what;
          EXPECT_LE(static_cast<double>(took.count()), 1.6 * static_cast<double>(least.count())) << what;
        }
      }
    }
  }
}

TEST(RateBudget, FollowsAServiceThatAllowsMoreOrLess) {
  RateBudget budget;
  Limited service{.rate = {40, seconds(2)}};
  Ticks now = kStart;
  send(400, 4, milliseconds(10), budget, service, now);
  service.rate.requests = 20;
  send(400, 4, milliseconds(10), budget, service, now);
  service.refusals = 0;
  send(400, 4, milliseconds(10), budget, service, now);
  EXPECT_LE(service.refusals, 25);
  service.rate.requests = 80;
  send(2000, 4, milliseconds(10), budget, service, now);
  service.refusals = 0;
  const Ticks::duration took = send(800, 4, milliseconds(10), budget, service, now);
  EXPECT_LE(took, 2 * ideal(800, service.rate));
  EXPECT_LE(service.refusals, 25);
}

TEST(RateBudget, LeavesHalfOfTheRateFree) {
  RateBudget budget(Rate{10, seconds(60)});
  Ticks now = kStart;
  for (int checks = 0; checks < 5; ++checks, now += seconds(1)) {
    ASSERT_TRUE(budget.turn_within_half(now).now);
    budget.let_through(budget.take(now), now);
  }
  EXPECT_FALSE(budget.turn_within_half(now).now) << "requests of others count";
  EXPECT_EQ(budget.turn_within_half(now).at, kStart + seconds(60));
  for (int requests = 0; requests < 5; ++requests) {
    ASSERT_TRUE(budget.turn(now).now);
    budget.let_through(budget.take(now), now);
  }
  EXPECT_FALSE(budget.turn(now).now);
  EXPECT_FALSE(budget.turn_within_half(kStart + seconds(61)).now) << "those of the others count too";
  EXPECT_TRUE(budget.turn_within_half(now + seconds(60)).now);
}

TEST(RateBudget, SpreadsRequestsWithinHalfOfTheRate) {
  RateBudget budget(Rate{10, seconds(60)});
  Ticks now = kStart;
  std::vector<Ticks> sent;
  for (; now < kStart + seconds(120); now += seconds(1)) {
    if (!budget.turn_within_half(now).now) continue;
    sent.push_back(now);
    budget.let_through(budget.take_within_half(now), now);
  }
  ASSERT_EQ(sent.size(), 10U);
  for (std::size_t at = 1; at < sent.size(); ++at) EXPECT_EQ(sent[at] - sent[at - 1], seconds(12)) << at;
  EXPECT_TRUE(budget.turn(now).now) << "the other half is free at once";
}

TEST(RateBudget, NeverExceedsAGivenRate) {
  const Rate rate{40, seconds(2)};
  RateBudget budget(rate);
  Limited service{.rate = rate};
  Ticks now = kStart;
  const Ticks::duration took = send(400, 8, milliseconds(10), budget, service, now);
  EXPECT_EQ(service.refusals, 0);
  EXPECT_LE(took, 11 * ideal(400, rate) / 10);
  service.rate.requests = 20;
  send(400, 8, milliseconds(10), budget, service, now);
  EXPECT_LT(budget.rate()->requests, 40);
  EXPECT_EQ(budget.rate()->window, seconds(2));
}

}  // namespace
}  // namespace flowship::api
