#include "json/compare.hpp"

#include "json/edit.hpp"
#include "json/pointer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace flowship::json {
namespace {

bool equal_texts(const std::string& a, const std::string& b, Empties empties = Empties::distinct) {
  const DocumentPtr left = Document::parse(a);
  const DocumentPtr right = Document::parse(b);
  const bool result = equal(left->root(), right->root(), empties);
  EXPECT_EQ(equal(right->root(), left->root(), empties), result) << a << " and " << b;
  EXPECT_EQ(canonical(left->root(), empties) == canonical(right->root(), empties), result) << a << " and " << b;
  EXPECT_EQ(differences(left->root(), right->root(), empties).empty(), result) << a << " and " << b;
  return result;
}

TEST(Equal, IgnoresNotation) {
  EXPECT_TRUE(equal_texts("{\"a\":1,\"b\":[2]}", "{ \"b\" : [ 2.0 ], \"a\" : 10e-1 }"));
  EXPECT_TRUE(equal_texts("\"\\u0041\\/\"", "\"A/\""));
  EXPECT_TRUE(equal_texts("{\"\\u0041\":1}", "{\"A\":1}"));
  EXPECT_TRUE(equal_texts("\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\""));
  EXPECT_TRUE(equal_texts("1e400", "10e399"));
  EXPECT_TRUE(equal_texts("-0", "0"));
}

TEST(Equal, DistinguishesValues) {
  EXPECT_FALSE(equal_texts("1", "\"1\""));
  EXPECT_FALSE(equal_texts("0", "false"));
  EXPECT_FALSE(equal_texts("null", "0"));
  EXPECT_FALSE(equal_texts("[]", "{}"));
  EXPECT_FALSE(equal_texts("[1,2]", "[2,1]"));
  EXPECT_FALSE(equal_texts("[1]", "[1,1]"));
  EXPECT_FALSE(equal_texts("{\"a\":1}", "{\"a\":1,\"b\":null}"));
  EXPECT_FALSE(equal_texts("{\"a\":1}", "{\"b\":1}"));
  EXPECT_FALSE(equal_texts("\"a\"", "\"A\""));
  EXPECT_FALSE(equal_texts("\"1\"", "\"1.0\""));
  EXPECT_FALSE(equal_texts("{\"a\":{\"b\":[{\"c\":1}]}}", "{\"a\":{\"b\":[{\"c\":2}]}}"));
}

TEST(Equal, TreatsEmptyMembersAsAbsentAtEveryDepth) {
  for (const std::string empty : {"\"\"", "false", "0", "-0.0", "0e5", "null", "[]", "{}", "{\"x\":{\"y\":[]}}"}) {
    SCOPED_TRACE(empty);
    EXPECT_TRUE(equal_texts("{\"a\":1,\"e\":" + empty + "}", "{\"a\":1}", Empties::absent));
    EXPECT_FALSE(equal_texts("{\"a\":1,\"e\":" + empty + "}", "{\"a\":1}"));
    EXPECT_TRUE(equal_texts("{\"o\":{\"a\":1,\"e\":" + empty + "}}", "{\"o\":{\"a\":1}}", Empties::absent));
    EXPECT_TRUE(equal_texts("[{\"a\":1,\"e\":" + empty + "}]", "[{\"a\":1}]", Empties::absent));
    EXPECT_TRUE(equal_texts("{\"o\":{\"e\":" + empty + "}}", "{}", Empties::absent));
    EXPECT_TRUE(equal_texts("{\"o\":" + empty + "}", "{\"o\":false}", Empties::absent));
    EXPECT_TRUE(equal_texts(empty, "{}", Empties::absent));
    EXPECT_FALSE(equal_texts("{\"a\":1}", "{\"a\":" + empty + "}", Empties::absent));
  }
  for (const std::string filled : {"\" \"", "true", "1", "1e-999", "[0]", "[[]]", "{\"x\":true}"}) {
    SCOPED_TRACE(filled);
    EXPECT_FALSE(equal_texts("{\"e\":" + filled + "}", "{}", Empties::absent));
  }
}

TEST(Equal, KeepsEmptyElements) {
  EXPECT_FALSE(equal_texts("[0]", "[]", Empties::absent));
  EXPECT_FALSE(equal_texts("[1,null]", "[1]", Empties::absent));
  EXPECT_FALSE(equal_texts("[null]", "[false]", Empties::absent));
  EXPECT_FALSE(equal_texts("[{}]", "[[]]", Empties::absent));
  EXPECT_TRUE(equal_texts("[{}]", "[{\"a\":0}]", Empties::absent));
}

TEST(Equal, HandlesAbsentValues) {
  const DocumentPtr null = Document::parse("null");
  const DocumentPtr one = Document::parse("1");
  for (const Empties empties : {Empties::distinct, Empties::absent}) {
    EXPECT_TRUE(equal({}, {}, empties));
    EXPECT_TRUE(differences({}, {}, empties).empty());
    EXPECT_FALSE(equal({}, one->root(), empties));
    EXPECT_EQ(differences({}, one->root(), empties).size(), 1U);
    EXPECT_EQ(equal({}, null->root(), empties), empties == Empties::absent);
    EXPECT_EQ(differences(null->root(), {}, empties).empty(), empties == Empties::absent);
    EXPECT_EQ(canonical({}, empties) == canonical(null->root(), empties), empties == Empties::absent);
  }
}

TEST(Canonical, SortsMembersAndOmitsWhitespace) {
  const DocumentPtr document =
      Document::parse("{ \"b\" : [ 1.50, \"\\u0041\\n\" ], \"a\" : { \"z\":true, \"\":null } }");
  EXPECT_EQ(canonical(document->root()), "{\"a\":{\"\":null,\"z\":true},\"b\":[15e-1,\"A\\n\"]}");
  EXPECT_EQ(canonical(document->root(), Empties::absent), "{\"a\":{\"z\":true},\"b\":[15e-1,\"A\\n\"]}");
}

std::vector<std::string> pointers(const std::string& a, const std::string& b, Empties empties = Empties::distinct,
                                  const std::string& prefix = {}) {
  const DocumentPtr before = Document::parse(a);
  const DocumentPtr after = Document::parse(b);
  std::vector<std::string> result;
  for (const Difference& each : differences(before->root(), after->root(), empties, prefix)) {
    result.push_back((each.before ? each.after ? "" : "-" : "+") + each.pointer);
  }
  return result;
}

using Pointers = std::vector<std::string>;

TEST(Differences, AreDeepestInSourceOrder) {
  EXPECT_EQ(pointers("{\"z\":1,\"a\":{\"x\":[1,2,3]},\"gone\":0}", "{\"new\":1,\"a\":{\"x\":[1,5]},\"z\":2}"),
            (Pointers{"/z", "/a/x/1", "-/a/x/2", "-/gone", "+/new"}));
  EXPECT_EQ(pointers("[1]", "[1,2,[]]"), (Pointers{"+/1", "+/2"}));
  EXPECT_EQ(pointers("{\"a/b\":{\"m~n\":1}}", "{\"a/b\":{\"m~n\":2}}"), Pointers{"/a~1b/m~0n"});
  EXPECT_EQ(pointers("{\"a\":{}}", "{\"a\":[]}"), Pointers{"/a"});
  EXPECT_EQ(pointers("1", "2"), Pointers{""});
  EXPECT_EQ(pointers("{\"a\":1}", "{\"a\":2}", Empties::distinct, "/contents"), Pointers{"/contents/a"});
}

TEST(Differences, IgnoreEmptyMembersThatCountAsAbsent) {
  EXPECT_EQ(pointers("{\"a\":\"\",\"b\":1,\"c\":{\"d\":0}}", "{\"b\":0,\"e\":[],\"f\":{\"g\":1}}", Empties::absent),
            (Pointers{"/b", "+/f"}));
  EXPECT_EQ(pointers("[null,{}]", "[0,{\"a\":false}]", Empties::absent), Pointers{"/0"});
}

/// Random documents out of few names and values, so that two of them are often alike.
class Author {
 public:
  explicit Author(unsigned seed) : random_(seed) {}

  std::string value(int depth) {
    static const std::vector<std::string> kScalars = {
        "null", "true",  "false",       "0", "-0",      "0e7",         "1",     "1.0",    "10e-1",
        "\"\"", "\"a\"", "\"\\u0061\"", "2", "\"\\n\"", "\"\\u000a\"", "1e400", "10e399", "-1"};
    const std::size_t kind = depth == 0 ? 0 : pick(4);
    if (kind < 2) return kScalars[pick(kScalars.size())];
    return kind == 2 ? array(depth) : object(depth);
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }
  std::string space() { return std::string(pick(6) == 0 ? 1 : 0, ' '); }

  std::string array(int depth) {
    std::string text = "[" + space();
    for (std::size_t left = pick(3); left > 0; --left) text += value(depth - 1) + (left > 1 ? "," : "") + space();
    return text + "]";
  }

  std::string object(int depth) {
    std::vector<std::string> names = {"\"a\"", "\"b/\"", "\"\\u007e\"", "\"\""};
    std::shuffle(names.begin(), names.end(), random_);
    std::string text = "{" + space();
    for (std::size_t left = pick(4); left > 0; --left) {
      text += names[left] + space() + ":" + value(depth - 1) + (left > 1 ? "," : "") + space();
    }
    return text + "}";
  }

  std::mt19937 random_;
};

/// What `value` holds at the place, where an element or member that is not there is an absent value.
void expect_at(Value root, const std::string& pointer, Value expected) {
  const Value found = resolve(root, *parse_pointer(pointer));
  ASSERT_EQ(static_cast<bool>(found), static_cast<bool>(expected)) << pointer;
  if (found) {
    EXPECT_TRUE(found.same_place(expected)) << pointer;
  }
}

TEST(Compare, AgreesWithItselfOnRandomDocuments) {
  Author author(20240811);
  int equals = 0;
  for (int round = 0; round < 4000; ++round) {
    const DocumentPtr a = Document::parse(author.value(3));
    const DocumentPtr b = Document::parse(author.value(3));
    SCOPED_TRACE(std::string(a->text()) + " and " + std::string(b->text()));
    for (const Empties empties : {Empties::distinct, Empties::absent}) {
      const bool same = equal(a->root(), b->root(), empties);
      equals += same ? 1 : 0;
      ASSERT_TRUE(equal(a->root(), a->root(), empties));
      ASSERT_EQ(equal(b->root(), a->root(), empties), same);
      ASSERT_EQ(canonical(a->root(), empties) == canonical(b->root(), empties), same);
      const std::vector<Difference> found = differences(a->root(), b->root(), empties);
      ASSERT_EQ(found.empty(), same);
      for (const Difference& each : found) {
        expect_at(a->root(), each.pointer, each.before);
        expect_at(b->root(), each.pointer, each.after);
      }
    }
    const DocumentPtr again = Document::parse(canonical(a->root()));
    ASSERT_TRUE(equal(a->root(), again->root()));
    ASSERT_EQ(canonical(again->root()), again->text());
  }
  EXPECT_GT(equals, 100);
}

TEST(Compare, ApplyingEveryDifferenceMakesDocumentsEqual) {
  Author author(7);
  int mended = 0;
  for (int round = 0; round < 2000; ++round) {
    const DocumentPtr a = Document::parse(author.value(3));
    const DocumentPtr b = Document::parse(author.value(3));
    std::vector<Replacement> replacements;
    bool replaceable = true;
    for (const Difference& each : differences(a->root(), b->root())) {
      replaceable = replaceable && each.before && each.after;
      if (replaceable) replacements.push_back({each.before, std::string(each.after.text())});
    }
    if (!replaceable) continue;
    ++mended;
    const std::string text = with_replacements(a->root(), replacements);
    EXPECT_TRUE(equal(Document::parse(text)->root(), b->root())) << a->text() << " and " << b->text();
  }
  EXPECT_GT(mended, 500);
}

}  // namespace
}  // namespace flowship::json
