#include "sandbox/faults.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Faults, ReadsARateLimit) {
  Faults faults;
  parse_rate_limit("100/60", faults);
  EXPECT_EQ(faults.rate_limit, 100);
  EXPECT_EQ(faults.rate_seconds, 60);
  parse_rate_limit("40/2s", faults);
  EXPECT_EQ(faults.rate_seconds, 2);
}

TEST(Faults, LimitsTheRateWithoutRetryAfterToo) {
  FaultPlayer player(read_faults(json::Document::parse(R"({"rateLimit":"1/10s","retryAfter":false})")->root()));
  const Ticks now = system_clock().ticks();
  EXPECT_EQ(player.next("list", now).kind, Play::Kind::none);
  const Play play = player.next("license", now);
  EXPECT_EQ(play.kind, Play::Kind::rate_limit);
  EXPECT_FALSE(play.retry_after);
}

TEST(Faults, LiesAboutImportsAndServesStaleExports) {
  FaultPlayer player(read_faults(json::Document::parse(R"({"lie":1,"stale":"2"})")->root()));
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::lie);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::none);
  EXPECT_EQ(player.next("list", {}).kind, Play::Kind::none);
  EXPECT_EQ(player.next("export", {}).kind, Play::Kind::stale);
  EXPECT_EQ(player.next("export", {}).kind, Play::Kind::stale);
  EXPECT_EQ(player.next("export", {}).kind, Play::Kind::none);
}

TEST(Faults, LeavesTheLicenseOutOfAnyEndpoint) {
  Faults faults;
  plan_failure("500:1@any", faults);
  plan_failure("503:1@license", faults);
  FaultPlayer player(faults);
  EXPECT_EQ(player.next("license", {}).status, 503);
  EXPECT_EQ(player.next("license", {}).kind, Play::Kind::none);
  EXPECT_EQ(player.next("list", {}).status, 500);
}

TEST(Faults, RejectsInvalidRateLimits) {
  for (const char* text :
       {"", "/", "100", "100/", "/60", "0/60", "5/0", "-1/60", "1/60ss", "1/s", " 1/60", "1/9999999999"}) {
    Faults faults;
    EXPECT_THROW(parse_rate_limit(text, faults), Error) << text;
  }
}

TEST(Faults, PlansAFailureWithAndWithoutCountAndEndpoint) {
  Faults faults;
  plan_failure("503:2", faults);
  plan_failure("401", faults);
  plan_failure("500:1@export", faults);
  ASSERT_EQ(faults.planned.size(), 3U);
  EXPECT_EQ(faults.planned[0].status, 503);
  EXPECT_EQ(faults.planned[0].count, 2);
  EXPECT_EQ(faults.planned[0].endpoint, "import");
  EXPECT_EQ(faults.planned[1].status, 401);
  EXPECT_EQ(faults.planned[1].count, -1);
  EXPECT_EQ(faults.planned[2].count, 1);
  EXPECT_EQ(faults.planned[2].endpoint, "export");
}

TEST(Faults, RejectsInvalidFailures) {
  for (const char* text : {"", "200", "600", "503:", "503:0", "503:-1", "503:2:3", "abc", ":2", "503@", "503@all"}) {
    Faults faults;
    try {
      plan_failure(text, faults);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage);
    }
  }
}

TEST(Faults, RejectsInvalidCounts) {
  for (const char* text : {"", "-1", "1:2", "@import", "1@", "x@list"}) {
    Faults faults;
    EXPECT_THROW(plan_silence(PlannedFault::Kind::drop, text, faults), Error) << text;
  }
}

TEST(Faults, SuggestsTheNearestEndpoint) {
  Faults faults;
  try {
    plan_silence(PlannedFault::Kind::drop, "1@exprot", faults);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("export"), std::string::npos);
  }
}

TEST(Faults, ReadsAllFaultsFromJson) {
  const auto document = json::Document::parse(
      R"({"latency":5,"rateLimit":"3/10","retryAfter":2,"fail":["500:1","429:3@list"],"failOnly":"any","drop":1,
          "dropAfter":"2@delete","hang":[3],"hangAfter":1})");
  const Faults faults = read_faults(document->root());
  EXPECT_EQ(faults.latency, milliseconds(5));
  EXPECT_EQ(faults.rate_limit, 3);
  EXPECT_EQ(faults.rate_seconds, 10);
  EXPECT_EQ(faults.retry_after, 2);
  std::string planned;
  for (const PlannedFault& fault : faults.planned) {
    planned += std::to_string(static_cast<int>(fault.kind)) + " " + std::to_string(fault.status) + " " +
               std::to_string(fault.count) + " " + fault.endpoint + "\n";
  }
  EXPECT_EQ(planned, "2 500 1 any\n2 429 3 list\n1 0 1 any\n3 0 2 delete\n0 0 3 any\n4 0 1 any\n");
}

TEST(Faults, RejectsUnknownAndMalformedOnes) {
  for (const char* text : {"[]", R"({"latencey":5})", R"({"latency":"5"})", R"({"drop":-1})", R"({"drop":1.5})",
                           R"({"fail":503})", R"({"failOnly":"all"})"}) {
    const auto document = json::Document::parse(text);
    EXPECT_THROW(read_faults(document->root()), Error) << text;
  }
}

TEST(FaultPlayer, LimitsTheRateAndReportsTheWait) {
  Faults faults;
  faults.rate_limit = 2;
  faults.rate_seconds = 10;
  FaultPlayer player(faults);
  const Ticks start{};
  EXPECT_EQ(player.next("import", start).kind, Play::Kind::none);
  EXPECT_EQ(player.next("export", start + seconds(4)).kind, Play::Kind::none);
  const Play refused = player.next("import", start + milliseconds(4500));
  EXPECT_EQ(refused.kind, Play::Kind::rate_limit);
  EXPECT_EQ(refused.retry_after, 6);
  EXPECT_EQ(player.next("import", start + milliseconds(9999)).retry_after, 1);
  EXPECT_EQ(player.next("import", start + seconds(10)).kind, Play::Kind::none);
  EXPECT_EQ(player.next("import", start + seconds(10)).retry_after, 4);
}

TEST(FaultPlayer, PlaysOneFaultAfterTheOther) {
  Faults faults;
  plan_failure("503:1", faults);
  for (const auto kind : {PlannedFault::Kind::hang_after, PlannedFault::Kind::drop_after, PlannedFault::Kind::drop,
                          PlannedFault::Kind::hang}) {
    plan_silence(kind, "1", faults);
  }
  FaultPlayer player(faults);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::hang);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::drop);
  const Play failure = player.next("import", {});
  EXPECT_EQ(failure.kind, Play::Kind::fail);
  EXPECT_EQ(failure.status, 503);
  EXPECT_FALSE(failure.retry_after);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::drop_after);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::hang_after);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::none);
}

TEST(FaultPlayer, SendsRetryAfterIfConfigured) {
  Faults faults;
  plan_failure("429:1", faults);
  parse_retry_after("7", faults);
  EXPECT_EQ(FaultPlayer(faults).next("import", {}).retry_after, 7);
}

TEST(FaultPlayer, AffectsImportsByDefault) {
  Faults faults;
  plan_failure("500", faults);
  FaultPlayer player(faults);
  EXPECT_EQ(player.next("export", {}).kind, Play::Kind::none);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::fail);
  faults.planned.clear();
  plan_failure("500@export", faults);
  player.set(faults);
  EXPECT_EQ(player.next("export", {}).kind, Play::Kind::fail);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::none);
  faults.planned.clear();
  plan_failure("500@any", faults);
  player.set(faults);
  EXPECT_EQ(player.next("list", {}).kind, Play::Kind::fail);
  EXPECT_EQ(player.next("delete", {}).kind, Play::Kind::fail);
}

}  // namespace
}  // namespace flowship::sandbox
