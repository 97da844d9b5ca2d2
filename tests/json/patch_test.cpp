#include "json/patch.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace flowship::json {
namespace {

std::string patch(const std::string& old, const std::string& wanted, const PatchRules& rules = {}) {
  return patched(*Document::parse(old), Document::parse(wanted)->root(), rules);
}

TEST(Patched, KeepsEveryByteOfEqualParts) {
  const std::string text = " {\"b\": [1.10,\t2 ],\r\n  \"a\":\"\\u0041\", \"c\" : {} }\n\n";
  EXPECT_EQ(patch(text, R"({"c":{},"a":"A","b":[1.1,2.0]})"), text);
}

TEST(Patched, ChangesOneValueInItsPlace) {
  EXPECT_EQ(patch("{\n  \"a\": 1.10,\n  \"b\": {\"x\": [1, 2]}\n}\n", R"({"b":{"x":[1,3]},"a":1.1})"),
            "{\n  \"a\": 1.10,\n  \"b\": {\"x\": [1, 3]}\n}\n");
}

TEST(Patched, PutsNewMembersAtTheirPlaceByName) {
  EXPECT_EQ(
      patch("{\n  \"a\": 1,\n  \"c\": 3\n}", R"({"z":{"y":[1],"x":2},"c":3,"b":2,"a":1})"),
      "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"z\": {\n    \"y\": [\n      1\n    ],\n    \"x\": 2\n  }\n}");
}

TEST(Patched, PutsNewMembersBehindTheirPredecessorIfUnsorted) {
  EXPECT_EQ(patch(R"({"name": 1, "id": 2})", R"({"new":0,"id":2,"kind":3,"name":1})"),
            R"({"new": 0, "name": 1, "id": 2, "kind": 3})");
}

TEST(Patched, RemovesMembersAndElements) {
  EXPECT_EQ(patch("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", R"({"a":1,"c":3})"), "{\n  \"a\": 1,\n  \"c\": 3\n}");
  EXPECT_EQ(patch("[ 1, 2, 3 ]", "[2]"), "[ 2 ]");
  EXPECT_EQ(patch("{\n  \"a\": [\n    1\n  ]\n}", R"({"a":[]})"), "{\n  \"a\": []\n}");
}

TEST(Patched, MatchesElementsThatMoved) {
  EXPECT_EQ(patch(R"([{"x": 1.0},  {"y": 2.0}, {"z": 3.0}])", R"([{"new":0},{"x":1},{"z":3}])"),
            R"([{"new": 0}, {"x": 1.0}, {"z": 3.0}])");
  EXPECT_EQ(patch(R"([{"b": 1, "a": 1.0}, 5])", R"([{"a":1,"b":2},5])"), R"([{"b": 2, "a": 1.0}, 5])");
}

TEST(Patched, ImitatesTheLayout) {
  EXPECT_EQ(patch("{\r\n\t\"a\": {}\r\n}", R"({"a":{"b":[1,{}]}})"),
            "{\r\n\t\"a\": {\r\n\t\t\"b\": [\r\n\t\t\t1,\r\n\t\t\t{}\r\n\t\t]\r\n\t}\r\n}");
  EXPECT_EQ(patch(R"({"a":1})", R"({"a":1,"b":{"c":[1,2]}})"), R"({"a":1,"b":{"c":[1,2]}})");
  EXPECT_EQ(patch("{\n  \"a\": [1, 2]\n}", R"({"a":[1,2,{"b":3,"c":4}]})"),
            "{\n  \"a\": [1, 2, {\"b\": 3, \"c\": 4}]\n}");
}

TEST(Patched, KeepsEmptyMembersThatCountAsAbsent) {
  const PatchRules rules{.empties = Empties::absent};
  EXPECT_EQ(patch(R"({"a": 1, "b": "", "c": {"d": []}})", R"({"a":2,"e":false,"f":{"g":""}})", rules),
            R"({"a": 2, "b": "", "c": {"d": []}})");
  EXPECT_EQ(patch(R"({"a": 1, "b": ""})", R"({"a":1})"), R"({"a": 1})");
}

TEST(Patched, MatchesElementsByKeyInAnyOrder) {
  const PatchRules rules{.key = "id"};
  EXPECT_EQ(patch(R"([{"id": "b", "v": 1.0}, {"id": "a", "v": 2.0}, {"id": "x"}])",
                  R"([{"v":3,"id":"a"},{"id":"c"},{"v":1,"id":"b"}])", rules),
            R"([{"id": "b", "v": 1.0}, {"id": "a", "v": 3}, {"id": "c"}])");
}

TEST(Patched, FollowsTheRulesOfEachMember) {
  const MemberRules members[] = {{"loose", {.empties = Empties::absent}}};
  const PatchRules rules{.members = members};
  EXPECT_EQ(patch(R"({"loose": {"a": 0}, "strict": {"a": 0}})", R"({"strict":{}})", rules),
            R"({"loose": {"a": 0}, "strict": {}})");
}

/// A random value, with few names and values so that much of it is alike.
std::string random_value(std::mt19937& random, int depth) {
  const auto below = [&](unsigned limit) { return static_cast<int>(random() % limit); };
  const int kind = depth == 0 ? 0 : below(4);
  if (kind < 2) return std::vector<std::string>{"1", "\"\"", "null", "2.50", "\"x\"", "{}", "[ ]"}[random() % 7];
  std::string text;
  const std::string names = "abcde";
  const int count = below(5);
  std::string left = names;
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(below(static_cast<unsigned>(left.size())));
    text += i == 0 ? "" : below(2) == 0 ? "," : ",\n  ";
    if (kind == 2) text += "\"" + left.substr(at, 1) + "\" : ";
    left.erase(at, 1);
    text += random_value(random, depth - 1);
  }
  return kind == 2 ? "{" + text + " }" : "[" + text + " ]";
}

TEST(Patched, AlwaysEqualsTheWantedValue) {
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    const DocumentPtr old = Document::parse(random_value(random, 4));
    const DocumentPtr wanted = Document::parse(random_value(random, 4));
    for (const Empties empties : {Empties::distinct, Empties::absent}) {
      const std::string text = patched(*old, wanted->root(), {.empties = empties});
      ASSERT_TRUE(equal(Document::parse(text)->root(), wanted->root(), empties)) << old->text() << "\n"
                                                                                 << wanted->text() << "\n"
                                                                                 << text;
      ASSERT_EQ(patched(*Document::parse(text), wanted->root(), {.empties = empties}), text);
    }
  }
}

}  // namespace
}  // namespace flowship::json
