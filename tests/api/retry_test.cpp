#include "api/retry.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace flowship::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Time kNow = std::chrono::system_clock::from_time_t(1'795'485'120);  // 2026-11-24T01:52:00Z

RetryDecision decide_on(const Attempt& attempt, const Tries& tries, double jitter = 0.0) {
  return decide(attempt, tries, jitter, RetryLimits{});
}

Attempt answered(int status, std::string_view retry_after = {}) {
  return {.status = status, .asked = parse_retry_after(retry_after, kNow)};
}

TEST(Retry, RetriesTransientFailures) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530}) {
    EXPECT_TRUE(decide_on(answered(status), {.counted = 1}).again) << status;
  }
  EXPECT_TRUE(decide_on({.status = {}, .asked = {}, .lasting = false}, {.counted = 1}).again);
}

TEST(Retry, GivesUpAtOnceOnPermanentFailures) {
  for (const int status : {301, 400, 401, 403, 404, 409, 413, 422, 501, 525}) {
    EXPECT_FALSE(decide_on(answered(status), {.counted = 1}).again) << status;
  }
  EXPECT_FALSE(decide_on({.status = {}, .asked = {}, .lasting = true}, {.counted = 1}).again);
}

TEST(Retry, GivesUpAfterFiveAttempts) {
  EXPECT_TRUE(decide_on(answered(503), {.counted = 4}).again);
  const RetryDecision last = decide_on(answered(503), {.counted = 5});
  EXPECT_FALSE(last.again);
  EXPECT_EQ(last.reason, "gave up after 5 attempts");
}

TEST(Retry, DoublesThePauseUpToTheLongest) {
  EXPECT_EQ(decide_on(answered(503), {.counted = 1}).pause, milliseconds(500));
  EXPECT_EQ(decide_on(answered(503), {.counted = 2}).pause, milliseconds(1000));
  EXPECT_EQ(decide_on(answered(503), {.counted = 4}).pause, milliseconds(4000));
  const RetryLimits patient{.most_attempts = 100};
  EXPECT_EQ(decide(answered(503), {.counted = 50}, 0.0, patient).pause, seconds(30));
}

TEST(Retry, SpreadsPausesByAtMostAHalf) {
  EXPECT_EQ(decide_on(answered(503), {.counted = 2}, 0.5).pause, milliseconds(750));
  EXPECT_GT(decide_on(answered(503), {.counted = 2}, 0.999).pause, milliseconds(499));
}

TEST(Retry, WaitsAsLongAsTheServiceAsks) {
  const RetryDecision decision = decide_on(answered(429, "17"), {.counted = 0});
  EXPECT_TRUE(decision.again);
  EXPECT_EQ(decision.pause, seconds(17));
  EXPECT_TRUE(decision.for_everyone);
}

TEST(Retry, DoesNotCountRateLimits) {
  EXPECT_FALSE(counts(answered(429, "17")));
  EXPECT_FALSE(counts(answered(429)));
  EXPECT_TRUE(counts(answered(503, "17")));
}

TEST(Retry, GivesUpOnARateLimitNoEarlierThanTheLongestWait) {
  EXPECT_TRUE(decide_on(answered(429), {.waited = milliseconds(299'999)}).again);
  const RetryDecision last = decide_on(answered(429), {.waited = seconds(300)});
  EXPECT_FALSE(last.again);
  EXPECT_EQ(last.reason, "gave up after 300 s");
}

TEST(Retry, DescribesPauses) {
  const RetryLimits limits;
  EXPECT_EQ(describe_rate_pause(seconds(42), 2, answered(429, "42"), {.waited = seconds(42)}, limits),
            "rate limited, retrying in 42 s (2/7)");
  EXPECT_EQ(describe_rate_pause(seconds(1), 1, answered(429), {}, {.longest_wait = seconds(10)}),
            "rate limited, retrying in 1 s (1/4)");
  EXPECT_EQ(describe_rate_pause(seconds(8), 4, answered(429), {.waited = seconds(7)}, {.longest_wait = seconds(10)}),
            "rate limited, retrying in 8 s (4/4)");
  EXPECT_EQ(describe_pause("the service answered 503", milliseconds(1'500), {.counted = 2}, limits),
            "the service answered 503, retrying in 2 s (2/5)");
}

TEST(Retry, LimitsTheTotalWait) {
  EXPECT_TRUE(decide_on(answered(429, "300"), {.counted = 0}).again);
  EXPECT_FALSE(decide_on(answered(429, "301"), {.counted = 0}).again);
  const RetryDecision second = decide_on(answered(429, "200"), {.counted = 0, .waited = seconds(200)});
  EXPECT_FALSE(second.again);
  EXPECT_NE(second.reason.find("200 s"), std::string::npos);
}

TEST(Retry, ReadsRetryAfterAsSecondsOrDate) {
  EXPECT_EQ(parse_retry_after("120", kNow), seconds(120));
  EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2026 01:52:30 GMT", kNow), seconds(30));
}

TEST(Retry, CapsAWaitOfAnyNumberOfDigits) {
  for (const char* text : {"99999999", "99999999999999999999999999", "Thu, 24 Nov 2050 01:52:30 GMT"}) {
    EXPECT_FALSE(decide_on(answered(429, text), {.counted = 0}).again) << text;
  }
}

TEST(Retry, IgnoresAnInvalidRetryAfter) {
  for (const char* text :
       {"", "soon", "-5", "+5", "1.5", "5 s", "Tue, 24 Foo 2026 01:52:30 GMT", "Tue, 24 Nov 2026 01:52:30 GMT+1"}) {
    EXPECT_FALSE(parse_retry_after(text, kNow)) << text;
    EXPECT_EQ(decide_on(answered(503, text), {.counted = 1}).pause, milliseconds(500)) << text;
  }
}

TEST(Retry, KnowsWhichStatusesLeaveTheOutcomeUnknown) {
  EXPECT_TRUE(is_unsure(504));
  EXPECT_TRUE(is_unsure(502));
  EXPECT_FALSE(is_unsure(500));
  EXPECT_FALSE(is_unsure(429));
}

}  // namespace
}  // namespace flowship::api
