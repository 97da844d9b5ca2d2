#include "json/edit.hpp"

#include "json/pointer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flowship::json {
namespace {

using namespace std::string_literals;

Value at(const DocumentPtr& document, const std::string& pointer) {
  return resolve(document->root(), *parse_pointer(pointer));
}

TEST(Quoted, EscapesOnlyWhatIsRequired) {
  EXPECT_EQ(json::quoted(""), "\"\"");
  EXPECT_EQ(json::quoted("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json::quoted("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(json::quoted("\0\x01\x1F\x7F"s), "\"\\u0000\\u0001\\u001f\x7F\"");
  EXPECT_EQ(json::quoted("\xC3\xA9\xF0\x9F\x98\x80"), "\"\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST(Quoted, SurvivesARoundTrip) {
  std::string every;
  for (char character = 0; character < 127; ++character) every += character;
  EXPECT_EQ(Document::parse(json::quoted(every))->root().string(), every);
}

TEST(WithReplacements, OfNothingChangesNothing) {
  const std::string text = "{ \"a\" : [1.10,\t2 ],\r\n \"b\":\"\\u0041\" }";
  const DocumentPtr document = Document::parse(" " + text + "\n");
  EXPECT_EQ(with_replacements(document->root(), {}), text);
  EXPECT_EQ(with_replacements(at(document, "/a"), {}), "[1.10,\t2 ]");
}

TEST(WithReplacements, ByTheSameTextChangesNothing) {
  const DocumentPtr document = Document::parse("[ 1, {\"a\": \"x\"} ,[],null ]");
  std::vector<Replacement> same;
  for (const Value item : document->root().items()) same.push_back({item, std::string(item.text())});
  EXPECT_EQ(with_replacements(document->root(), same), document->text());
}

TEST(WithReplacements, LeavesEveryOtherByte) {
  const DocumentPtr document = Document::parse("{ \"a\" : [1.10,\t2 ],\r\n \"b\":{\"c\": \"\\u0041\"} }");
  EXPECT_EQ(with_replacements(document->root(), {{at(document, "/b/c"), "null"}, {at(document, "/a/0"), "[\"long\"]"}}),
            "{ \"a\" : [[\"long\"],\t2 ],\r\n \"b\":{\"c\": null} }");
}

TEST(WithReplacements, ReplacesNeighbours) {
  const DocumentPtr document = Document::parse("[1,2,3]");
  EXPECT_EQ(with_replacements(document->root(),
                              {{at(document, "/2"), "c"}, {at(document, "/0"), "a"}, {at(document, "/1"), ""}}),
            "[a,,c]");
}

TEST(WithReplacements, WorksBelowTheRoot) {
  const DocumentPtr document = Document::parse("{\"x\":0,\"a\":{\"b\":[1,2]},\"y\":0}");
  EXPECT_EQ(with_replacements(at(document, "/a"), {{at(document, "/a/b/1"), "22"}}), "{\"b\":[1,22]}");
}

TEST(WithReplacements, ReplacesTheValueItself) {
  const DocumentPtr document = Document::parse(" [1] ");
  EXPECT_EQ(with_replacements(document->root(), {{document->root(), "{}"}}), "{}");
}

TEST(WithMember, ImitatesTheAuthor) {
  const auto grown = [](const std::string& text) {
    const std::string result = with_member(Document::parse(text)->root(), "n\"", "[1]");
    const DocumentPtr document = Document::parse(result);
    EXPECT_EQ(document->root().find("n\"").text(), "[1]") << result;
    return result;
  };
  EXPECT_EQ(grown("{}"), R"({"n\"": [1]})");
  EXPECT_EQ(grown("{ \n }"), R"({"n\"": [1]})");
  EXPECT_EQ(grown("{\"a\":1}"), R"({"a":1,"n\"":[1]})");
  EXPECT_EQ(grown("{\"a\": 1, \"b\": 2}"), R"({"a": 1, "b": 2, "n\"": [1]})");
  EXPECT_EQ(grown("{ \"a\": 1 }"), R"({ "a": 1, "n\"": [1] })");
  EXPECT_EQ(grown("{\n  \"a\": 1,\n  \"b\": {\n    \"c\": 2\n  }\n}"),
            "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": 2\n  },\n  \"n\\\"\": [1]\n}");
  EXPECT_EQ(grown("{\r\n\t\"a\" : 1\r\n}"), "{\r\n\t\"a\" : 1,\r\n\t\"n\\\"\" : [1]\r\n}");
}

TEST(WithMember, WorksBelowTheRoot) {
  const DocumentPtr document = Document::parse("[0, {\n    \"a\": {}\n  }]");
  EXPECT_EQ(with_member(at(document, "/1"), "b", "2"), "{\n    \"a\": {},\n    \"b\": 2\n  }");
}

TEST(WithoutMember, KeepsTheOthers) {
  const DocumentPtr document = Document::parse("{\n  \"a\": 1,\n  \"\\u0062\": 2.0,\n  \"c\":3\n}");
  EXPECT_EQ(without_member(document->root(), "b"), "{\n  \"a\": 1,\n  \"c\":3\n}");
  EXPECT_EQ(without_member(document->root(), "c"), "{\n  \"a\": 1,\n  \"\\u0062\": 2.0\n}");
  EXPECT_EQ(without_member(document->root(), "d"), document->root().text());
  EXPECT_EQ(without_member(Document::parse("{ \"a\": 1 }")->root(), "a"), "{}");
}

}  // namespace
}  // namespace flowship::json
