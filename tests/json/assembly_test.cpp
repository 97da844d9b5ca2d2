#include "json/assembly.hpp"

#include "json/document.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace flowship::json {
namespace {

TEST(Assembly, WritesEachType) {
  EXPECT_EQ(Text().text(), "null");
  EXPECT_EQ(Text(true).text(), "true");
  EXPECT_EQ(Text(false).text(), "false");
  EXPECT_EQ(Text(0).text(), "0");
  EXPECT_EQ(Text(std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
  EXPECT_EQ(Text(std::numeric_limits<std::uint64_t>::max()).text(), "18446744073709551615");
  EXPECT_EQ(Text("true").text(), "\"true\"");
  EXPECT_EQ(Text("a \"b\"\n\x01 ü").text(), "\"a \\\"b\\\"\\n\\u0001 ü\"");
}

TEST(Assembly, ReplacesInvalidUtf8) {
  EXPECT_EQ(Text("a\xff").text(), "\"a\xef\xbf\xbd\"");
  EXPECT_EQ(object({{"\xff", 1}}).text(), "{\"\xef\xbf\xbd\":1}");
}

TEST(Assembly, EscapesControlBidirectionalAndInvisibleCharacters) {
  EXPECT_EQ(Text("\u200B\uFEFF\U000E0001").text(), "\"\\u200b\\ufeff\\udb40\\udc01\"");
  EXPECT_EQ(Text("\x7f\xc2\x9b\xe2\x80\xae"
                 "ü")
                .text(),
            "\"\\u007f\\u009b\\u202eü\"");
  EXPECT_EQ(object({{"\xe2\x81\xa6", 1}}).text(), "{\"\\u2066\":1}");
}

TEST(Assembly, KeepsMemberOrder) {
  EXPECT_EQ(object({{"z", 1}, {"a", array({"x", Text(), false})}, {"m", object({})}}).text(),
            "{\"z\":1,\"a\":[\"x\",null,false],\"m\":{}}");
}

TEST(Assembly, MapsItemsToElements) {
  const std::vector<int> numbers = {1, 2, 3};
  EXPECT_EQ(array(numbers, [](int number) { return Text(number * 2); }).text(), "[2,4,6]");
  EXPECT_EQ(strings({"a", ""}).text(), "[\"a\",\"\"]");
  EXPECT_EQ(string_or_null("").text(), "null");
  EXPECT_EQ(string_or_null("x").text(), "\"x\"");
}

TEST(Assembly, WritesOneMemberPerLine) {
  EXPECT_EQ(document_text(object({{"list", array({1, 2})}, {"empty", array({})}, {"inner", object({{"ok", true}})}})),
            "{\n  \"list\": [\n    1,\n    2\n  ],\n  \"empty\": [],\n  \"inner\": {\n    \"ok\": true\n  }\n}\n");
}

TEST(Assembly, LaysOutWhatIsNotWithinStrings) {
  EXPECT_EQ(
      document_text(object({{"a\"[{", "\\,:} "}, {"list", array({array({}), array({object({}), "\\\""})})}})),
      "{\n  \"a\\\"[{\": \"\\\\,:} \",\n  \"list\": [\n    [],\n    [\n      {},\n      \"\\\\\\\"\"\n    ]\n  ]\n}\n");
}

TEST(Assembly, LaysOutEmbeddedDocumentsAnew) {
  EXPECT_EQ(document_text(array({embedded("{ \"a\" :\t[ ],\r\n\"b\": -1.5e3, \"c\" : [ true,null ] }\n"), 1})),
            "[\n  {\n    \"a\": [],\n    \"b\": -1.5e3,\n    \"c\": [\n      true,\n      null\n    ]\n  },\n  1\n]\n");
  EXPECT_EQ(document_text("x"), "\"x\"\n");
}

}  // namespace
}  // namespace flowship::json
