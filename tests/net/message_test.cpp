#include "net/message.hpp"

#include <gtest/gtest.h>

namespace flowship::net {
namespace {

TEST(Headers, FindsTheFirstFieldWithoutCase) {
  Headers headers;
  headers.add("X-One", "1");
  headers.add("x-one", "2");
  EXPECT_EQ(headers.find("X-ONE"), "1");
  EXPECT_EQ(headers.find("X"), std::nullopt);
}

TEST(Headers, AreMalformedWhereANameOrAValueCouldStartAnotherField) {
  const auto well_formed = [](const std::string& name, const std::string& value) {
    Headers headers;
    headers.add("Fine", "fine");
    headers.add(name, value);
    return headers.well_formed();
  };
  EXPECT_TRUE(well_formed("X", "a\tb \xc3\xa4"));
  for (const std::string value : {"a\r\nY: b", "a\nb", "a\rb", "\x7f", "\x1b[31m"})
    EXPECT_FALSE(well_formed("X", value));
  EXPECT_FALSE(well_formed("X", std::string(1, '\0')));
  for (const std::string name : {"", "X ", "X:", "a b", "ä", "X\r\n"}) EXPECT_FALSE(well_formed(name, "a")) << name;
}

TEST(Message, SaysWhereARedirectPoints) {
  Response response;
  response.status = 307;
  EXPECT_EQ(describe_status(response), "307");
  response.headers.add("Location", "https://else.example/\x1b[31m");
  EXPECT_EQ(describe_status(response),
            "307, a redirect to https://else.example/\\x1b[31m that flowship does not follow");
  response.status = 201;
  EXPECT_EQ(describe_status(response), "201");
}

}  // namespace
}  // namespace flowship::net
