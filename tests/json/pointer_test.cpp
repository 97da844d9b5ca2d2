#include "json/pointer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace flowship::json {
namespace {

TEST(Pointer, ResolvesTheExamplesOfItsSpecification) {
  const DocumentPtr document = Document::parse(R"({
    "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8})");
  const std::vector<std::pair<std::string, std::string>> samples = {{"/foo", R"(["bar", "baz"])"},
                                                                    {"/foo/0", R"("bar")"},
                                                                    {"/", "0"},
                                                                    {"/a~1b", "1"},
                                                                    {"/c%d", "2"},
                                                                    {"/e^f", "3"},
                                                                    {"/g|h", "4"},
                                                                    {"/i\\j", "5"},
                                                                    {"/k\"l", "6"},
                                                                    {"/ ", "7"},
                                                                    {"/m~0n", "8"}};
  for (const auto& [text, found] : samples) {
    const auto pointer = parse_pointer(text);
    ASSERT_TRUE(pointer) << text;
    const Value value = resolve(document->root(), *pointer);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(value.text(), found) << text;
  }
  EXPECT_TRUE(resolve(document->root(), *parse_pointer("")).same_place(document->root()));
}

TEST(Pointer, DecodesTildesOnce) {
  EXPECT_EQ(*parse_pointer("/~01/~10"), (Pointer{"~1", "/0"}));
  EXPECT_EQ(*parse_pointer("//"), (Pointer{"", ""}));
}

TEST(Pointer, RefusesInvalidText) {
  for (const std::string text : {"a", "a/b", "#/a", "/~", "/~2", "/a~/b", " /a"})
    EXPECT_FALSE(parse_pointer(text)) << text;
}

TEST(Pointer, FindsNothingIfAbsent) {
  const DocumentPtr document = Document::parse(R"({"a":[1,2,{"0":3}],"s":"text","n":null})");
  for (const std::string text : {"/b", "/a/3", "/a/-", "/a/00", "/a/01", "/a/+1", "/a/-1", "/a/1e0", "/a/ 1", "/a/",
                                 "/a/18446744073709551616", "/a/2/00", "/s/0", "/n/a", "/a/0/0", "/A"}) {
    EXPECT_FALSE(resolve(document->root(), *parse_pointer(text))) << text;
  }
  EXPECT_EQ(resolve(document->root(), *parse_pointer("/a/2/0")).text(), "3");
  EXPECT_FALSE(resolve({}, {}));
  EXPECT_FALSE(resolve({}, {"a"}));
}

TEST(PointerToken, SurvivesARoundTrip) {
  for (const std::string name : {"", "a", "~", "/", "~1", "~0", "a/b~c", "~~//", "\xF0\x9F\x98\x80", "\n"}) {
    EXPECT_EQ(*parse_pointer("/" + pointer_token(name)), Pointer{name});
  }
  EXPECT_EQ(pointer_token("a/b~c"), "a~1b~0c");
}

}  // namespace
}  // namespace flowship::json
