#include "api/http_date.hpp"

#include <gtest/gtest.h>

namespace flowship::api {
namespace {

const Time kNow = std::chrono::system_clock::from_time_t(1'795'485'120);  // 2026-11-24T01:52:00Z

std::string read(std::string_view text) {
  const std::optional<Time> date = parse_http_date(text, kNow);
  return date ? to_rfc3339(*date) : "";
}

TEST(HttpDate, HasThreeForms) {
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:37 GMT"), "1994-11-06T08:49:37Z");
  EXPECT_EQ(read("Sunday, 06-Nov-94 08:49:37 GMT"), "1994-11-06T08:49:37Z");
  EXPECT_EQ(read("Sun Nov  6 08:49:37 1994"), "1994-11-06T08:49:37Z");
}

TEST(HttpDate, ReadsTwoDigitYearsAsNearOnes) {
  EXPECT_EQ(read("Tuesday, 24-Nov-26 01:52:30 GMT"), "2026-11-24T01:52:30Z");
  EXPECT_EQ(read("Tuesday, 24-Nov-76 01:52:30 GMT"), "2076-11-24T01:52:30Z");
  EXPECT_EQ(read("Thursday, 24-Nov-77 01:52:30 GMT"), "1977-11-24T01:52:30Z");
  EXPECT_EQ(read("Monday, 24-Nov-03 01:52:30 GMT"), "2003-11-24T01:52:30Z");
}

TEST(HttpDate, RefusesOtherForms) {
  for (const char* text : {"", "soon", "17", "Tue, 24 Foo 2026 01:52:30 GMT", "Tue, 24 ovD 2026 01:52:30 GMT",
                           "Tue, 24 Nov 2026 01:52:30 GMT+1", "Tue, 24 Nov 2026 01:52:30", "2026-11-24T01:52:30Z"}) {
    EXPECT_EQ(read(text), "") << text;
  }
}

TEST(HttpDate, RefusesTimesThatDoNotExist) {
  for (const char* text :
       {"Sun, 99 Nov 1994 08:49:37 GMT", "Wed, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:99:37 GMT", "Sun Nov 99 08:49:37 1994",
        "Sunday, 99-Nov-94 08:49:37 GMT", "Mon, 06 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(read(text), "") << text;
  }
}

}  // namespace
}  // namespace flowship::api
