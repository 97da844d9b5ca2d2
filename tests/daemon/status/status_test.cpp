#include "daemon/status/status.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

using std::chrono::minutes;

/// One mirror and one environment, both well.
DaemonStatus well() {
  DaemonStatus status;
  status.unhealthy_after = minutes(15);
  status.mirrors.resize(1);
  status.mirrors[0].repository = "flows";
  status.mirrors[0].reachable = true;
  status.environments.resize(1);
  status.environments[0].key = "production";
  return status;
}

TEST(Health, IsReadyIfNothingFails) { EXPECT_TRUE(health_of(well(), Time(minutes(60))).ready); }

TEST(Health, AnUnreachableRepositoryCountsAtOnce) {
  DaemonStatus status = well();
  status.mirrors[0].reachable = false;
  status.mirrors[0].since = Time(minutes(60));
  status.mirrors[0].failure = "no route";
  const Health health = health_of(status, Time(minutes(60)));
  EXPECT_FALSE(health.ready);
  ASSERT_EQ(health.reasons.size(), 1U);
  EXPECT_NE(health.reasons[0].find("flows can't be fetched: no route"), std::string::npos);
}

TEST(Health, AnEnvironmentCountsOnceItHasBeenFailingForLong) {
  DaemonStatus status = well();
  status.environments[0].failing_since = Time(minutes(60));
  EXPECT_TRUE(health_of(status, Time(minutes(75))).ready);
  EXPECT_FALSE(health_of(status, Time(minutes(76))).ready);
}

TEST(Health, AStoppingDaemonIsNotReady) {
  DaemonStatus status = well();
  status.stopping = true;
  EXPECT_FALSE(health_of(status, Time(minutes(60))).ready);
}

TEST(Durations, AreCountedByBucket) {
  Durations durations;
  for (const double seconds : {0.1, 0.11, 3600.0, 3601.0}) durations.add(seconds);
  EXPECT_EQ(durations.count(), 4U);
  EXPECT_EQ(durations.counts().front(), 1U);
  EXPECT_EQ(durations.counts()[1], 1U);
  EXPECT_EQ(durations.counts()[kDurationBounds.size() - 1], 1U);
  EXPECT_EQ(durations.counts().back(), 1U);
  EXPECT_DOUBLE_EQ(durations.sum(), 7201.21);
}

}  // namespace
}  // namespace flowship::daemon
