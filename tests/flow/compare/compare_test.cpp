#include "flow/compare/compare.hpp"

#include "flow/layouts/reading.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

using Pointers = std::vector<std::string>;

/// A flow of the parts that a test is about.
Flow flow_of(const std::string& text) {
  const auto document = json::Document::parse(text);
  return flow_of_export(document, document->root());
}

Pointers pointers(const std::string& before, const std::string& after) {
  Pointers found;
  const Flow a = flow_of(before);
  const Flow b = flow_of(after);
  for (const json::Difference& difference : differences(a, b)) found.push_back(difference.pointer);
  return found;
}

/// In both directions, and by digest.
void expect_same(const std::string& a, const std::string& b) {
  EXPECT_TRUE(same(flow_of(a), flow_of(b))) << a << "\n" << b;
  EXPECT_TRUE(same(flow_of(b), flow_of(a))) << a << "\n" << b;
  EXPECT_EQ(digest(flow_of(a)), digest(flow_of(b))) << a << "\n" << b;
}
void expect_different(const std::string& a, const std::string& b) {
  EXPECT_FALSE(same(flow_of(a), flow_of(b))) << a << "\n" << b;
  EXPECT_FALSE(same(flow_of(b), flow_of(a))) << a << "\n" << b;
  EXPECT_NE(digest(flow_of(a)), digest(flow_of(b))) << a << "\n" << b;
}

TEST(Same, IgnoresLayoutOrderAndNumberNotation) {
  expect_same(R"({"flowId": "f", "contents": {"a": 1, "b": [1.0, "ä"]}, "metadata": {"x": 1, "y": 2}})",
              R"({"metadata":{"y":2.0,"x":10e-1},"contents":{"b":[1,"\u00e4"],"a":1e0},"flowId":"f"})");
}

TEST(Same, ComparesTypes) {
  expect_different(R"({"contents": {"a": 1}})", R"({"contents": {"a": "1"}})");
  expect_different(R"({"metadata": {"a": 1}})", R"({"metadata": {"a": "1"}})");
  expect_different(R"({"metadata": {"a": true}})", R"({"metadata": {"a": 1}})");
}

TEST(Same, TreatsEmptyAsAbsentOutsideOfContents) {
  expect_same(R"({"metadata": {"a": "", "b": false, "c": 0, "d": null, "e": [], "f": {}, "g": {"h": ""}}})", "{}");
  expect_same(R"({"references": {"connectors": {}, "oauth": []}})", "{}");
  expect_same(R"({"references": null})", "{}");
  expect_same(R"({"screens": []})", "{}");
  expect_same(R"({"metadata": {"sharedInteractions": [{"id": "1", "icon": ""}]}})",
              R"({"metadata": {"sharedInteractions": [{"id": "1"}]}})");
  expect_same(R"({"screens": [{"screenId": "S", "interactions": []}]})", R"({"screens": [{"screenId": "S"}]})");
  expect_same(R"({"screens": [{"screenId": "S", "interactions": [{"id": "1", "label": ""}]}]})",
              R"({"screens": [{"screenId": "S", "interactions": [{"id": "1"}]}]})");
}

TEST(Same, ComparesEverythingInContents) {
  expect_different(R"({"contents": {"a": ""}})", R"({"contents": {}})");
  expect_different(R"({"contents": {}})", "{}");
  expect_different(R"({"screens": [{"screenId": "S", "contents": {"a": null}}]})",
                   R"({"screens": [{"screenId": "S", "contents": {}}]})");
  expect_different(R"({"screens": [{"screenId": "S", "contents": {}}]})", R"({"screens": [{"screenId": "S"}]})");
  expect_different(R"({"changelog": ""})", "{}");
}

TEST(Same, IgnoresTheOrderOfScreensButNotTheirNumber) {
  expect_same(R"({"screens": [{"screenId": "A", "contents": 1}, {"screenId": "B"}]})",
              R"({"screens": [{"screenId": "B"}, {"contents": 1, "screenId": "A"}]})");
  expect_different(R"({"screens": [{"screenId": "A"}]})", R"({"screens": [{"screenId": "A"}, {"screenId": "A"}]})");
  expect_different(R"({"screens": [{"screenId": "A"}]})", R"({"screens": [{"screenId": "B"}]})");
}

TEST(Same, MatchesScreensWithOneIdByOrder) {
  expect_same(
      R"({"screens": [{"screenId": "A", "contents": 1}, {"screenId": "B"}, {"screenId": "A", "contents": 2}]})",
      R"({"screens": [{"screenId": "A", "contents": 1}, {"screenId": "A", "contents": 2}, {"screenId": "B"}]})");
  expect_different(R"({"screens": [{"screenId": "A", "contents": 1}, {"screenId": "A", "contents": 2}]})",
                   R"({"screens": [{"screenId": "A", "contents": 2}, {"screenId": "A", "contents": 1}]})");
}

TEST(Same, ComparesPartsOfTheWrongType) {
  expect_different(R"({"metadata": [1]})", "{}");
  expect_different(R"({"metadata": [1]})", R"({"metadata": [2]})");
  expect_different(R"({"screens": {"a": 1}})", "{}");
  expect_different(R"({"screens": [1]})", R"({"screens": [2]})");
  expect_different(R"({"flowId": "a"})", R"({"flowId": "b"})");
}

TEST(Differences, ArePointersIntoTheFlow) {
  EXPECT_EQ(pointers(R"({"flowId": "f", "metadata": {"name": "a", "gone": 1}, "contents": {"tasks": {"3": {"name": 1}}},
                         "screens": [{"screenId": "S/1", "contents": {"x": 1}}, {"screenId": "T"}],
                         "references": {"oauth": ["a"]}, "other": 1})",
                     R"({"flowId": "f", "metadata": {"name": "b", "new": 1}, "contents": {"tasks": {"3": {"name": 2}}},
                         "screens": [{"screenId": "U"}, {"screenId": "S/1", "contents": {"x": 2}}],
                         "references": {"oauth": ["b"]}, "other": 2})"),
            (Pointers{"/metadata/name", "/metadata/gone", "/metadata/new", "/contents/tasks/3/name",
                      "/screens/S~11/contents/x", "/screens/T", "/screens/U", "/references/oauth/0", "/other"}));
}

TEST(Differences, HaveTheValuesOfBothSides) {
  const Flow a = flow_of(R"({"metadata": {"name": "a"}})");
  const Flow b = flow_of(R"({"metadata": {"name": "b"}})");
  const auto found = differences(a, b);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].before.text(), "\"a\"");
  EXPECT_EQ(found[0].after.text(), "\"b\"");
}

TEST(Digest, IsASha256) {
  const std::string text = digest(flow_of("{}"));
  EXPECT_EQ(text.substr(0, 7), "sha256:");
  EXPECT_EQ(text.size(), 7U + 64U);
}

TEST(Digest, SeparatesParts) {
  expect_different(R"({"metadata": {"a": 1}})", R"({"references": {"a": 1}})");
  expect_different(R"({"a": 1})", R"({"metadata": {"a": 1}})");
  expect_different(R"({"odd metadata": [1]})", R"({"metadata": [1]})");
}

bool held(const std::string& exported, const std::string& sent) {
  return holds(flow_of(exported), flow_of(sent), nullptr, Upgrades::count);
}
bool held(const std::string& exported, const std::string& sent, const std::string& before) {
  const Flow old = flow_of(before);
  return holds(flow_of(exported), flow_of(sent), &old, Upgrades::count);
}

TEST(Holds, AllowsDefaultsOfTheService) {
  const std::string sent = R"({"flowId": "f", "metadata": {"name": "F", "translation": {"enabled": true}},
    "contents": {"a": 1}, "screens": [{"screenId": "S", "interactions": [{"id": "1"}], "contents": {"b": 2}}]})";
  EXPECT_TRUE(held(sent, sent));
  EXPECT_TRUE(held(R"({"flowId": "f", "version": 7, "metadata": {"name": "F", "fingerprint": true, "disabled": false,
      "translation": {"enabled": true, "sourceLanguage": "en"}}, "contents": {"a": 1.0},
      "references": {"connectors": {"Mail": "CI1"}},
      "screens": [{"screenId": "S", "interactions": [{"id": "1", "type": "submit"}], "contents": {"b": 2}}]})",
                   sent));
}

TEST(Holds, RefusesAnyDifferenceFromWhatWasSent) {
  EXPECT_FALSE(held(R"({"metadata": {"name": "G"}})", R"({"metadata": {"name": "F"}})"));
  EXPECT_FALSE(held(R"({"metadata": {}})", R"({"metadata": {"name": "F"}})"));
  EXPECT_FALSE(held("{}", R"({"metadata": {"name": "F"}})"));
  EXPECT_FALSE(held("{}", R"({"references": {"oauth": ["a"]}})"));
  EXPECT_FALSE(held(R"({"references": {"oauth": ["a", "b"]}})", R"({"references": {"oauth": ["a"]}})"));
  EXPECT_FALSE(held("{}", R"({"changelog": "x"})"));
  EXPECT_FALSE(held(R"({"metadata": {"disabled": true}})", R"({"metadata": {"disabled": false}})"));
  EXPECT_FALSE(held(R"({"flowId": "a"})", R"({"flowId": "b"})"));
}

TEST(Holds, TreatsEmptyAsAbsent) {
  EXPECT_TRUE(held("{}", R"({"metadata": {"disabled": false, "translation": {}}, "references": {"oauth": []}})"));
  EXPECT_TRUE(held(R"({"metadata": {"disabled": false}, "references": {"connectors": {}}, "screens": []})", "{}"));
  EXPECT_TRUE(held(R"({"references": {"oauth": ["own"]}})", R"({"references": null})"));
  EXPECT_TRUE(held(R"({"references": {"oauth": ["own"]}})", R"({"references": {}})"));
}

TEST(Holds, ComparesContentsAndScreensExactly) {
  EXPECT_FALSE(held(R"({"contents": {"a": 1, "b": 2}})", R"({"contents": {"a": 1}})"));
  EXPECT_FALSE(held(R"({"contents": {"a": ""}})", R"({"contents": {}})"));
  EXPECT_FALSE(held(R"({"contents": {}})", "{}"));
  const std::string sent = R"({"screens": [{"screenId": "S", "contents": {"a": 1}}]})";
  EXPECT_FALSE(held("{}", sent));
  EXPECT_FALSE(held(R"({"screens": [{"screenId": "S", "contents": {"a": 2}}]})", sent));
  EXPECT_FALSE(held(R"({"screens": [{"screenId": "S", "contents": {"a": 1, "b": null}}]})", sent));
  EXPECT_FALSE(held(R"({"screens": [{"screenId": "S", "contents": {"a": 1}}, {"screenId": "T"}]})", sent));
  EXPECT_FALSE(held(R"({"screens": [{"screenId": "T", "contents": {"a": 1}}]})", sent));
  EXPECT_TRUE(held(R"({"screens": [{"interactions": [], "contents": {"a": 1}, "screenId": "S"}]})", sent));
}

TEST(Holds, RefusesWhatShouldBeRemoved) {
  const std::string old = R"({"metadata": {"name": "F", "fingerprint": true, "translation": {"connectorId": "CI1"}}})";
  const std::string sent = R"({"metadata": {"name": "F"}})";
  EXPECT_FALSE(held(old, sent, old));
  EXPECT_TRUE(held(old, sent));
  EXPECT_TRUE(held(old, sent, R"({"metadata": {"name": "F"}})"));
  EXPECT_FALSE(held(R"({"references": {"connectors": {"A": "CI1"}}})", "{}",
                    R"({"references": {"connectors": {"A": "CI1", "B": "CI2"}}})"));
  EXPECT_FALSE(held(R"({"references": {"roles": ["a", "new"]}})", "{}", R"({"references": {"roles": ["a", "b"]}})"));
  EXPECT_TRUE(held(R"({"metadata": {"componentsVersion": "2"}})", "{}", R"({"metadata": {"componentsVersion": "1"}})"));
  EXPECT_FALSE(held(R"({"screens": [{"screenId": "S", "interactions": [{"id": "1", "icon": "x"}]}]})",
                    R"({"screens": [{"screenId": "S", "interactions": [{"id": "1"}]}]})",
                    R"({"screens": [{"screenId": "S", "interactions": [{"id": "1", "icon": "x"}]}]})"));
  EXPECT_FALSE(held(R"({"changelog": "x"})", "{}", R"({"changelog": "x"})"));
}

}  // namespace
}  // namespace flowship::flow
