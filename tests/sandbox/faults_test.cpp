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
}

TEST(Faults, RefusesWhatIsNoRateLimit) {
  for (const char* text : {"", "/", "100", "100/", "/60", "0/60", "5/0", "-1/60", "1/60s", " 1/60", "1/9999999999"}) {
    Faults faults;
    EXPECT_THROW(parse_rate_limit(text, faults), Error) << text;
  }
}

TEST(Faults, ReadsAFailureWithAndWithoutCount) {
  Faults faults;
  parse_fail("503:2", faults);
  EXPECT_EQ(faults.fail_status, 503);
  EXPECT_EQ(faults.fail_count, 2);
  parse_fail("401", faults);
  EXPECT_EQ(faults.fail_status, 401);
  EXPECT_EQ(faults.fail_count, -1);
}

TEST(Faults, RefusesWhatIsNoFailure) {
  for (const char* text : {"", "200", "600", "503:", "503:0", "503:-1", "503:2:3", "abc", ":2"}) {
    Faults faults;
    try {
      parse_fail(text, faults);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage);
    }
  }
}

TEST(Faults, NamesTheNearestEndpoint) {
  Faults faults;
  try {
    parse_fail_only("exprot", faults);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("export"), std::string::npos);
  }
}

TEST(Faults, ReadsAllFaultsFromJson) {
  const auto document = json::Document::parse(
      R"({"latency":5,"rateLimit":"3/10","fail":"500:1","failOnly":"any","drop":1,"dropAfter":2,"hang":3})");
  const Faults faults = read_faults(document->root());
  EXPECT_EQ(faults.latency, milliseconds(5));
  EXPECT_EQ(faults.rate_limit, 3);
  EXPECT_EQ(faults.rate_seconds, 10);
  EXPECT_EQ(faults.fail_status, 500);
  EXPECT_EQ(faults.fail_count, 1);
  EXPECT_EQ(faults.fail_only, "any");
  EXPECT_EQ(faults.drop_count, 1);
  EXPECT_EQ(faults.drop_after_count, 2);
  EXPECT_EQ(faults.hang_count, 3);
}

TEST(Faults, RefusesUnknownAndMisshapenOnes) {
  for (const char* text : {"[]", R"({"latencey":5})", R"({"latency":"5"})", R"({"drop":-1})", R"({"drop":1.5})",
                           R"({"fail":503})", R"({"failOnly":"all"})"}) {
    const auto document = json::Document::parse(text);
    EXPECT_THROW(read_faults(document->root()), Error) << text;
  }
}

TEST(FaultPlayer, TakesNoMoreThanTheRateAndSaysHowLongToWait) {
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

TEST(FaultPlayer, CountsDownOneFaultAfterTheOther) {
  Faults faults;
  faults.fail_status = 503;
  faults.fail_count = 1;
  faults.drop_count = 1;
  faults.drop_after_count = 1;
  faults.hang_count = 1;
  FaultPlayer player(faults);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::hang);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::drop);
  const Play failure = player.next("import", {});
  EXPECT_EQ(failure.kind, Play::Kind::fail);
  EXPECT_EQ(failure.status, 503);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::drop_after);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::none);
}

TEST(FaultPlayer, PlaysOnImportsUnlessToldOtherwise) {
  Faults faults;
  faults.fail_status = 500;
  FaultPlayer player(faults);
  EXPECT_EQ(player.next("export", {}).kind, Play::Kind::none);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::fail);
  faults.fail_only = "export";
  player.set(faults);
  EXPECT_EQ(player.next("export", {}).kind, Play::Kind::fail);
  EXPECT_EQ(player.next("import", {}).kind, Play::Kind::none);
  faults.fail_only = "any";
  player.set(faults);
  EXPECT_EQ(player.next("list", {}).kind, Play::Kind::fail);
  EXPECT_EQ(player.next("delete", {}).kind, Play::Kind::fail);
}

}  // namespace
}  // namespace flowship::sandbox
