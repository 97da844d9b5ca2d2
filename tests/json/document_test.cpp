#include "json/document.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace flowship::json {
namespace {

void expect_position(Position position, int line, int column) {
  EXPECT_EQ(position.line, line);
  EXPECT_EQ(position.column, column);
}

struct FaultPlace {
  std::string text;
  int line;
  int column;
};

TEST(Position, OfAFaultCountsCharacters) {
  const std::vector<FaultPlace> samples = {
      {"", 1, 1},
      {" ", 1, 2},
      {"x", 1, 1},
      {"[1,]", 1, 4},
      {"[1,\n2,]", 2, 3},
      {"[1,\r\n2,]", 2, 3},
      {"[1,\n", 2, 1},
      {"[\t\tx]", 1, 4},
      {"[\"\xC3\xA9\xC3\xA9\" x]", 1, 7},
      {"[\"\xE2\x82\xAC\" x]", 1, 6},
      {"[\"\xF0\x9F\x98\x80\" x]", 1, 6},
      {"[\"e\xCC\x81\" x]", 1, 7},
      {"[\"\xF0\x9F\x98\x80\",\n \"\xF0\x9F\x98\x80\" x]", 2, 6},
      {"[\"abc\xFF\"]", 1, 6},
      {"[\"\xC3\xA9\xFF\"]", 1, 4},
      {"[\"ab\\x\"]", 1, 6},
      {"[\"ab\\u12\"]", 1, 9},
      {"[\"ab\\ud800\"]", 1, 5},
      {"[\"ab\nc\"]", 1, 5},
      {"[\n  \"ab", 2, 3},
      {"[012]", 1, 3},
      {"[-x]", 1, 3},
      {"[1.]", 1, 4},
      {"{\"a\":1,\n \"b\":2,\n \"a\":3}", 3, 2},
      {"{\"a\" 1}", 1, 6},
      {"{} {}", 1, 4},
  };
  for (const FaultPlace& sample : samples) {
    SCOPED_TRACE(sample.text);
    const ReadResult result = Document::read(sample.text);
    ASSERT_TRUE(result.fault);
    expect_position(result.fault->position, sample.line, sample.column);
  }
}

TEST(Position, OfAValueCountsCharacters) {
  const DocumentPtr document = Document::parse(
      "{\"\xC3\xA9\":1,\t\"\xF0\x9F\x98\x80\" : \"x\",\r\n  \"c\": [\n\ttrue, \"\xE2\x82\xAC\", {}\n]}\n");
  const Value root = document->root();
  expect_position(root.position(), 1, 1);
  expect_position(root.find("\xC3\xA9").position(), 1, 6);
  expect_position(root.find("\xF0\x9F\x98\x80").position(), 1, 15);
  expect_position(root.find("c").position(), 2, 8);
  std::vector<Value> items;
  for (const Value item : root.find("c").items()) items.push_back(item);
  ASSERT_EQ(items.size(), 3U);
  expect_position(items[0].position(), 3, 2);
  expect_position(items[1].position(), 3, 8);
  expect_position(items[2].position(), 3, 13);
  expect_position(document->position(document->text().size()), 5, 1);
}

TEST(Position, OfAKeyIsItsQuote) {
  const DocumentPtr document = Document::parse("{\n  \"a\": 1,\n  \"b\": 2\n}");
  int line = 2;
  for (const Member member : document->root().members()) expect_position(member.key.position(), line++, 3);
  EXPECT_EQ(line, 4);
}

TEST(SyntaxFault, SaysWhatWasExpected) {
  const auto message = [](const std::string& text) {
    const ReadResult result = Document::read(text);
    return result.fault ? result.fault->message : "no fault";
  };
  EXPECT_EQ(message(""), "expected a JSON value, but the text is empty");
  EXPECT_EQ(message(" \n"), "expected a JSON value, but the text ends");
  EXPECT_EQ(message("[1 2]"), "expected `,` or `]` after this element, found `2`");
  EXPECT_EQ(message("{\"a\" 2}"), "expected `:` after the key, found `2`");
  EXPECT_EQ(message("{a"), "expected a key in quotes or `}`, found `a`");
  EXPECT_EQ(message("{\"a\":1,}"), "expected a key in quotes after `,`, found `}`");
  EXPECT_EQ(message("[1,]"), "expected a value after `,`, found `]`");
  EXPECT_EQ(message("1 x"), "expected the end of the text, found `x`");
  EXPECT_EQ(message("[\xE2\x80\xAE]"), "expected a value or `]`, found `\\u{202e}` (U+202E)");
  EXPECT_EQ(message("[\xC3\xA9]"), "expected a value or `]`, found `\xC3\xA9` (U+00E9)");
  EXPECT_EQ(message(std::string("[\0]", 3)), "expected a value or `]`, found `\\x00`");
  EXPECT_EQ(message("{\"a\":1,\"a\":2}"), "duplicate key \"a\", first on line 1");
}

TEST(SyntaxFault, IsThrownWithNameLineAndColumn) {
  try {
    Document::parse("[\n1,,]", "flows/a.json");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "flows/a.json:2:3: expected a value after `,`, found `,`");
    EXPECT_EQ(error.fault(), Fault::invalid);
  }
}

TEST(SyntaxFault, OfATextWithoutANameBeginsWithTheLine) {
  try {
    Document::parse("x");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.message().substr(0, 10), "line 1:1: ");
  }
}

TEST(Value, KeepsTheAuthorsOrderAndText) {
  const DocumentPtr document = Document::parse(R"({ "z" : 1.10, "a":[ 1,2 ] ,"m":"\u0041", "n":{"x":null} })", "n");
  EXPECT_EQ(document->name(), "n");
  std::vector<std::string> seen;
  for (const Member member : document->root().members()) {
    seen.push_back(member.name() + "=" + std::string(member.value.text()));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"z=1.10", "a=[ 1,2 ]", R"(m="\u0041")", R"(n={"x":null})"}));
  EXPECT_EQ(document->root().size(), 4U);
  EXPECT_EQ(document->root().find("a").size(), 2U);
  EXPECT_EQ(document->root().find("m").string(), "A");
}

TEST(Value, CountsMembersAndElements) {
  const std::vector<std::pair<std::string, std::size_t>> samples = {
      {"[]", 0}, {"[ ]", 0}, {"[[]]", 1}, {"[1,[2,3],4]", 3}, {"{}", 0}, {"{\"a\":{\"b\":1,\"c\":2}}", 1}};
  for (const auto& [text, size] : samples) EXPECT_EQ(Document::parse(text)->root().size(), size) << text;
}

TEST(Value, HasItsType) {
  const DocumentPtr document = Document::parse(R"([null, true, 0, "", [], {}])");
  const std::vector<Type> types = {Type::null, Type::boolean, Type::number, Type::string, Type::array, Type::object};
  std::size_t at = 0;
  for (const Value item : document->root().items()) {
    EXPECT_EQ(item.type(), types[at]);
    for (const Type type : types) EXPECT_EQ(item.is(type), type == types[at]);
    ++at;
  }
  EXPECT_EQ(at, types.size());
}

TEST(Value, DistinguishesTrueFromFalse) {
  EXPECT_TRUE(Document::parse("true")->root().boolean());
  EXPECT_FALSE(Document::parse("false")->root().boolean());
}

TEST(Value, FindsMembersByTheirDecodedName) {
  const DocumentPtr document = Document::parse(R"({"\u0061":1,"ab":2,"":3,"o":{"x":4}})");
  EXPECT_EQ(document->root().find("a").text(), "1");
  EXPECT_EQ(document->root().find("ab").text(), "2");
  EXPECT_EQ(document->root().find("").text(), "3");
  EXPECT_FALSE(document->root().find("x"));
  EXPECT_FALSE(document->root().find("\\u0061"));
}

TEST(Value, ThatIsAbsentHasNothing) {
  const Value absent;
  EXPECT_FALSE(absent);
  EXPECT_FALSE(absent.is(Type::null));
  EXPECT_FALSE(absent.find("a"));
  EXPECT_TRUE(absent.members().empty());
  EXPECT_TRUE(absent.items().empty());
  EXPECT_FALSE(absent.is_string(""));
}

TEST(Value, OfAnotherTypeHasNoMembersOrElements) {
  const DocumentPtr document = Document::parse(R"({"a":[1]})");
  EXPECT_TRUE(document->root().items().empty());
  EXPECT_TRUE(document->root().find("a").members().empty());
  EXPECT_FALSE(document->root().find("a").find("0"));
}

TEST(Value, IsTheSamePlaceOnlyAsItself) {
  const DocumentPtr document = Document::parse("[1,1]");
  const DocumentPtr other = Document::parse("[1,1]");
  EXPECT_TRUE(document->root().same_place(document->root()));
  EXPECT_FALSE(document->root().same_place(other->root()));
  auto item = document->root().items().begin();
  const Value first = *item;
  ++item;
  EXPECT_FALSE(first.same_place(*item));
}

TEST(Document, FindsMembersOfLargeObjectsEachTime) {
  std::string text = "{";
  for (int number = 0; number < 200; ++number)
    text += "\"k" + std::to_string(number) + "\": " + std::to_string(number) + ",";
  const auto document = Document::parse(text + "\"\\u0061b\": {\"k1\": true}}");
  for (int times = 0; times < 3; ++times) {
    EXPECT_EQ(document->root().find("k0").text(), "0");
    EXPECT_EQ(document->root().find("k199").text(), "199");
    EXPECT_EQ(document->root().find("ab").find("k1").text(), "true");
    EXPECT_FALSE(document->root().find("k200"));
  }
}

TEST(Document, KnowsPositionsFarInTheText) {
  const auto document = Document::parse("[\"" + std::string(5000, 'a') + "\",\n\n \"" + "ééé" + "\", 1]");
  EXPECT_EQ(document->position(document->text().size() - 2).line, 3);
  EXPECT_EQ(document->position(document->text().size() - 2).column, 9);
  EXPECT_EQ(document->position(512).column, 513);
  EXPECT_EQ(document->position(0).column, 1);
}

TEST(Document, ThatRestsHasTheSameValuesWhenItIsUsedAgain) {
  std::string text = "{\"long\": \"" + std::string(2000, 'a') + "\",\n \"b\": [1, {\"\\u0063\": \"\\u00e9\"}]";
  for (int number = 0; number < 100; ++number) text += ", \"k" + std::to_string(number) + "\": 0";
  const DocumentPtr document = Document::parse(text + "}", "name");
  const Value deep = document->root().find("b");
  EXPECT_TRUE(document->root().find("k99"));
  EXPECT_TRUE(document->root().find("k98"));
  document->rest();
  EXPECT_FALSE(document->is_packed());
  for (int times = 0; times < 2; ++times) {
    document->pack();
    document->rest();
    document->rest();
    EXPECT_EQ(deep.size(), 2U);
    EXPECT_EQ(deep.text(), "[1, {\"\\u0063\": \"\\u00e9\"}]");
    document->rest();
    EXPECT_EQ(deep.position().line, 2);
    EXPECT_EQ((*++deep.items().begin()).find("c").string(), "é");
    document->rest();
    EXPECT_EQ(document->root().find("k99").text(), "0");
    document->rest();
    EXPECT_EQ(document->text(), text + "}");
    EXPECT_EQ(document->name(), "name");
  }
}

TEST(Document, ThatRestsIsReadAgainByOneOfTheThreadsThatUseIt) {
  std::string text = "[0";
  for (int number = 1; number < 5000; ++number) text += "," + std::to_string(number);
  const DocumentPtr document = Document::parse(text + "]");
  document->pack();
  document->rest();
  std::vector<std::thread> threads;
  std::atomic<int> whole{0};
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      std::size_t count = 0;
      for (const Value item : document->root().items()) count += item.text().empty() ? 0U : 1U;
      whole += count == 5000 ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(whole, 8);
}

}  // namespace
}  // namespace flowship::json
