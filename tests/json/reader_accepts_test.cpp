#include "json/document.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace flowship::json {
namespace {

using namespace std::string_view_literals;

struct Sample {
  const char* name;
  std::string_view text;
};

constexpr Sample kArrays[] = {
    {"empty", "[]"},
    {"empty with space inside", "[ \t\r\n ]"},
    {"empty text inside", R"([""])"},
    {"arrays inside, with space", "[[]   ]"},
    {"false", "[false]"},
    {"true", "[true]"},
    {"null", "[null]"},
    {"every type", R"([null, 7, "7", {}, [], true, false])"},
    {"one and a newline", "[1\n]"},
    {"leading space", " [1]"},
    {"trailing space", "[2] "},
    {"several nulls", "[1,null,null,null,2]"},
    {"newline at the end", "[\"a\"]\n"},
    {"windows lines", "[\r\n\"a\"\r\n]\r\n"},
    {"space before commas", "[1 ,2\t,\n3]"},
    {"nested beside nested", "[[1],[2,[3]],[]]"},
};

constexpr Sample kNumbers[] = {
    {"large exponent", "[123e65]"},
    {"zero to the plus one", "[0e+1]"},
    {"zero to the one", "[0e1]"},
    {"after a space", "[ 4]"},
    {"next to zero", "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]"},
    {"whole with exponent", "[20e1]"},
    {"minus zero", "[-0]"},
    {"minus zero with fraction", "[-0.0]"},
    {"minus one", "[-1]"},
    {"negative", "[-123]"},
    {"capital exponent", "[1E22]"},
    {"capital negative exponent", "[1E-2]"},
    {"capital positive exponent", "[1E+2]"},
    {"exponent", "[123e45]"},
    {"fraction and exponent", "[123.456e78]"},
    {"negative exponent", "[1e-2]"},
    {"positive exponent", "[1e+2]"},
    {"simple", "[123]"},
    {"simple fraction", "[123.456789]"},
    {"exponent with leading zeros", "[1e0001]"},
    {"fraction of zeros", "[1.000]"},
    {"past every double", "[1e400, -1e400, 1e-400]"},
    {"past 64 bits", "[18446744073709551616, -9223372036854775809]"},
    {"thirty digits", "[123456789012345678901234567890]"},
    {"exponent past 64 bits", "[0.4e00669999999999999999999999999999999999999999999999999969999999006]"},
    {"position on a canvas", R"({"x": 1205.7043546907537})"},
    {"zero alone", "0"},
};

constexpr Sample kObjects[] = {
    {"empty", "{}"},
    {"empty with space", "{ \n }"},
    {"one member", R"({"a":[]})"},
    {"two members", R"({"asd":"sdf", "dfg":"fgh"})"},
    {"empty key", R"({"":0})"},
    {"escaped NUL in a key", R"({"foo\u0000bar": 42})"},
    {"extreme numbers", R"({ "min": -1.0e+28, "max": 1.0e+28 })"},
    {"long texts",
     R"({"x":[{"id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}], "id": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})"},
    {"escapes of another script",
     R"({"title":"\u041f\u043e\u043b\u0442\u043e\u0440\u0430 \u0417\u0435\u043c\u043b\u0435" })"},
    {"newlines", "{\n\"a\": \"b\"\n}"},
    {"same key at another level", R"({"a":{"a":{"a":1}}})"},
    {"same key beside it", R"([{"a":1},{"a":1}])"},
    {"keys that differ in case", R"({"a":1,"A":2})"},
    {"keys of one letter in two normal forms", "{\"\u00e9\":1,\"e\u0301\":2}"},
    {"space around the colon", "{\"a\" \n:\t1}"},
    {"keys that begin alike", R"({"a":1,"a\u0000":2,"aa":3})"},
};

constexpr Sample kStrings[] = {
    {"one, two and three bytes escaped", R"(["\u0060\u012a\u12AB"])"},
    {"surrogate pair", R"(["\uD801\udc37"])"},
    {"surrogate pairs", R"(["\ud83d\ude39\ud83d\udc8d"])"},
    {"every escape", R"(["\"\\\/\b\f\n\r\t"])"},
    {"escaped backslash before u0000", R"(["\\u0000"])"},
    {"escaped quote", R"(["\""])"},
    {"comments in a string", R"(["a/*b*/c/*d//e"])"},
    {"escaped backslash before a", R"(["\\a"])"},
    {"escaped backslash before n", R"(["\\n"])"},
    {"escaped control character", R"(["\u0012"])"},
    {"escaped noncharacter", R"(["\uFFFF"])"},
    {"in an array", R"(["asd"])"},
    {"in an array with leading space", R"([ "asd"])"},
    {"last surrogates", R"(["\uDBFF\uDFFF"])"},
    {"escaped non-breaking space", R"(["new\u00A0line"])"},
    {"noncharacter U+10FFFF", "[\"\U0010FFFF\"]"},
    {"noncharacter U+FFFF", "[\"\uFFFF\"]"},
    {"NUL escaped", R"(["\u0000"])"},
    {"comma escaped", R"(["\u002c"])"},
    {"pi", "[\"\u03c0\"]"},
    {"unassigned U+1BFFF", "[\"\U0001BFFF\"]"},
    {"a space", R"([" "])"},
    {"clef escaped", R"(["\uD834\uDd1e"])"},
    {"three bytes escaped", R"(["\u0821"])"},
    {"two bytes escaped", R"(["\u0123"])"},
    {"line separator", "[\"\u2028\"]"},
    {"paragraph separator", "[\"\u2029\"]"},
    {"four escapes", R"(["\u0061\u30af\u30EA\u30b9"])"},
    {"newline escaped", R"(["new\u000Aline"])"},
    {"delete", "[\"\x7f\"]"},
    {"delete between letters",
     "[\"a\x7f"
     "a\"]"},
    {"one character of three bytes", "[\"\ua66d\"]"},
    {"escaped backslash by number", R"(["\u005C"])"},
    {"letters of three bytes", "[\"\u2342\u3232\u2342\"]"},
    {"noncharacters escaped", R"(["\uDBFF\uDFFE", "\uD83F\uDFFE", "\uFDD0", "\uFFFE"])"},
    {"zero width space escaped", R"(["\u200B"])"},
    {"invisible plus escaped", R"(["\u2064"])"},
    {"quote by number", R"(["\u0022"])"},
    {"euro and clef", "[\"\u20ac\U0001d11e\"]"},
    {"least and largest of two bytes", "\"\xC2\x80\xDF\xBF\""},
    {"least and largest of three bytes", "\"\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\""},
    {"least and largest of four bytes", "\"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\""},
    {"byte order mark inside a string", "\"\xEF\xBB\xBF\""},
    {"right to left beside an emoji", "{\"text\": \"\u05e9\u05dc\u05d5\u05dd \U0001F44B {{name}}\"}"},
    {"a family of emoji", "\"\U0001F468\u200D\U0001F469\u200D\U0001F467\""},
};

constexpr Sample kStructures[] = {
    {"false alone", "false"},
    {"number alone", "42"},
    {"negative fraction alone", "-0.1"},
    {"null alone", "null"},
    {"true alone", "true"},
    {"string alone", R"("asd")"},
    {"empty string alone", R"("")"},
    {"string with newline after it", "\"a\"\n"},
    {"true in an array with newline", "[true]\n"},
    {"space before and after", "\r\n\t {\"a\": 1} \r\n\t "},
    {"number at the very end", "-1.5E+7"},
};

template <std::size_t count>
void accept_all(const Sample (&samples)[count]) {
  for (const Sample& sample : samples) {
    const ReadResult result = Document::read(std::string(sample.text));
    EXPECT_FALSE(result.fault) << sample.name << ": " << (result.fault ? result.fault->message : "");
    EXPECT_TRUE(result.document) << sample.name;
  }
}

TEST(Reader, AcceptsArrays) { accept_all(kArrays); }
TEST(Reader, AcceptsNumbers) { accept_all(kNumbers); }
TEST(Reader, AcceptsObjects) { accept_all(kObjects); }
TEST(Reader, AcceptsStrings) { accept_all(kStrings); }
TEST(Reader, AcceptsStructures) { accept_all(kStructures); }

TEST(Reader, AcceptsDepthUpToTheLimit) {
  const std::size_t depth = Document::kMaxDepth;
  EXPECT_TRUE(Document::read(std::string(depth, '[') + std::string(depth, ']')).document);
  std::string objects;
  for (std::size_t level = 0; level < depth; ++level) objects += "{\"a\":";
  EXPECT_TRUE(Document::read(objects + "1" + std::string(depth, '}')).document);
}

TEST(Reader, AcceptsRunsOfEveryLengthAtEveryOffset) {
  // Eight bytes are looked at together: no place among them may matter.
  for (std::size_t space = 0; space < 20; ++space) {
    for (std::size_t length = 0; length < 20; ++length) {
      const std::string inside = std::string(length, 'x') + "\u05e9\\n\U0001F44B" + std::string(length, 'y');
      const std::string text = std::string(space, ' ') + "\"" + inside + "\"" + std::string(space, ' ');
      const ReadResult result = Document::read(text);
      ASSERT_TRUE(result.document) << text;
      EXPECT_EQ(result.document->root().text(), "\"" + inside + "\"");
    }
  }
}

}  // namespace
}  // namespace flowship::json
