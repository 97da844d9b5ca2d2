// Texts that are JSON, after the y_ cases of the public JSONTestSuite; what the reader makes of them; and its limits.

#include "json/reader.hpp"

#include "json/document.hpp"
#include "json/edit.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace flowship::json {
namespace {

using namespace std::string_literals;

struct Sample {
  const char* name;
  std::string text;
};

void expect_read(const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.name);
    const ReadResult result = Document::read(sample.text);
    EXPECT_FALSE(result.fault) << result.fault->message;
    ASSERT_NE(result.document, nullptr);
    EXPECT_EQ(result.document->text(), sample.text);
    EXPECT_TRUE(result.document->root());
  }
}

struct Decoded {
  const char* name;
  std::string text;
  std::string meaning;
};

TEST(Reader, ReadsArrays) {
  expect_read({
      {"arraysWithSpaces", "[[]   ]"},
      {"empty", "[]"},
      {"empty-string", "[\"\"]"},
      {"ending_with_newline", "[\"a\"]\n"},
      {"false", "[false]"},
      {"heterogeneous", "[null, 1, \"1\", {}]"},
      {"null", "[null]"},
      {"with_1_and_newline", "[1\n]"},
      {"with_leading_space", " [1]"},
      {"with_several_null", "[1,null,null,null,2]"},
      {"with_trailing_space", "[2] "},
      {"nested", "[[[],[[]]],[]]"},
      {"crlf", "[\r\n1\r\n,\r\n2\r\n]\r\n"},
      {"tabs", "[\t1\t,\t2\t]\t"},
      {"space_inside", "[ \n ]"},
  });
}

TEST(Reader, ReadsNumbersAndKeepsThemAsText) {
  for (const std::string text : {
           "123e65",
           "0e+1",
           "0e1",
           "4",
           "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001",
           "20e1",
           "-0",
           "-123",
           "-1",
           "1E22",
           "1E-2",
           "1E+2",
           "123e45",
           "123.456e78",
           "1e-2",
           "1e+2",
           "123",
           "123.456789",
           "0",
           "0.0",
           "-0.0",
           "0E0",
           "1.10",
           "10",
           "100000000000000000000",
           "-237462374673276894279832749832423479823246327846",
           "123123e100000",
           "-123123e100000",
           "1.5e+9999",
           "123.456e-789",
           "0.4e00669999999999999999999999999999999999999999999999999999999999999999969999999006",
           "1e00",
           "1e-007",
           "1205.7043546907537",
       }) {
    const ReadResult result = Document::read("[" + text + "]");
    ASSERT_FALSE(result.fault) << text;
    const Value number = *result.document->root().items().begin();
    EXPECT_EQ(number.type(), Type::number);
    EXPECT_EQ(number.text(), text);
    EXPECT_FALSE(Document::read(text).fault) << text;
  }
}

TEST(Reader, ReadsObjects) {
  expect_read({
      {"simple", "{\"asd\":\"sdf\"}"},
      {"several", "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}"},
      {"empty", "{}"},
      {"empty_with_space", "{ \n }"},
      {"empty_key", "{\"\":0}"},
      {"escaped_null_in_key", "{\"foo\\u0000bar\": 42}"},
      {"extreme_numbers", "{ \"min\": -1.0e+28, \"max\": 1.0e+28 }"},
      {"long_strings",
       "{\"x\":[{\"id\": \"" + std::string(40, 'x') + "\"}], \"id\": \"" + std::string(40, 'x') + "\"}"},
      {"string_unicode", "{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430\" }"},
      {"with_newlines", "{\n\"a\": \"b\"\n}"},
      {"nested", "{\"a\":{\"a\":{\"a\":[]}}}"},
      {"space_around_colon", "{ \"a\" : 1 , \"b\"\t:\n2 }"},
      {"names_that_differ_in_case", "{\"a\":1,\"A\":2}"},
      {"names_that_differ_in_their_form", "{\"\xC3\xA9\":1,\"e\xCC\x81\":2}"},
      {"same_name_at_another_depth", "{\"a\":{\"a\":1},\"b\":{\"a\":1}}"},
      {"null_and_its_escape", "{\"\\u0000\":1,\"\\\\u0000\":2}"},
  });
}

TEST(Reader, ReadsTextsOfOneValue) {
  expect_read({
      {"lonely_false", "false"},
      {"lonely_int", "42"},
      {"lonely_negative_real", "-0.1"},
      {"lonely_null", "null"},
      {"lonely_string", "\"asd\""},
      {"lonely_true", "true"},
      {"string_empty", "\"\""},
      {"trailing_newline", "[\"a\"]\n"},
      {"true_in_array", "[true]"},
      {"whitespace_array", " [] "},
      {"whitespace_of_every_kind", " \t\r\n1 \t\r\n"},
      {"long_indentation", std::string(100, ' ') + "1" + std::string(100, ' ')},
  });
}

TEST(Reader, DecodesStrings) {
  const std::vector<Decoded> samples = {
      {"1_2_3_bytes_UTF-8_sequences", "\\u0060\\u012a\\u12AB", "\x60\xC4\xAA\xE1\x8A\xAB"},
      {"accepted_surrogate_pair", "\\uD801\\udc37", "\xF0\x90\x90\xB7"},
      {"accepted_surrogate_pairs", "\\ud83d\\ude39\\ud83d\\udc8d", "\xF0\x9F\x98\xB9\xF0\x9F\x92\x8D"},
      {"first_and_last_pair", "\\ud800\\udc00\\udbff\\udfff", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
      {"allowed_escapes", R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
      {"backslash_and_u_escaped_zero", R"(\\u0000)", "\\u0000"},
      {"backslash_doublequotes", R"(\")", "\""},
      {"comments", "a/*b*/c/*d//e", "a/*b*/c/*d//e"},
      {"double_escape_a", R"(\\a)", "\\a"},
      {"double_escape_n", R"(\\n)", "\\n"},
      {"escaped_control_character", "\\u0012", "\x12"},
      {"escaped_noncharacter", "\\uFFFF", "\xEF\xBF\xBF"},
      {"in_array", "asd", "asd"},
      {"last_surrogates_1_and_2", "\\uDBFF\\uDFFF", "\xF4\x8F\xBF\xBF"},
      {"nbsp_uescaped", "new\\u00A0line", "new\xC2\xA0line"},
      {"nonCharacterInUTF-8_U+10FFFF", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
      {"nonCharacterInUTF-8_U+FFFF", "\xEF\xBF\xBF", "\xEF\xBF\xBF"},
      {"null_escape", "\\u0000", "\0"s},
      {"one-byte-utf-8", "\\u002c", ","},
      {"pi", "\xCF\x80", "\xCF\x80"},
      {"reservedCharacterInUTF-8_U+1BFFF", "\xF0\x9B\xBF\xBF", "\xF0\x9B\xBF\xBF"},
      {"simple_ascii", "asd ", "asd "},
      {"space", " ", " "},
      {"surrogates_U+1D11E", "\\uD834\\uDd1e", "\xF0\x9D\x84\x9E"},
      {"three-byte-utf-8", "\\u0821", "\xE0\xA0\xA1"},
      {"two-byte-utf-8", "\\u0123", "\xC4\xA3"},
      {"u+2028_line_sep", "\xE2\x80\xA8", "\xE2\x80\xA8"},
      {"u+2029_par_sep", "\xE2\x80\xA9", "\xE2\x80\xA9"},
      {"uEscape", "\\u0061\\u30af\\u30EA\\u30b9", "a\xE3\x82\xAF\xE3\x83\xAA\xE3\x82\xB9"},
      {"uescaped_newline", "new\\u000Aline", "new\nline"},
      {"unescaped_char_delete", "\x7F", "\x7F"},
      {"unicode", "\\uA66D", "\xEA\x99\xAD"},
      {"unicodeEscapedBackslash", "\\u005C", "\\"},
      {"unicodeEscapedQuote", "\\u0022", "\""},
      {"unicode_2", "\xE2\x8D\x82\xE3\x88\xB4\xE2\x8D\x82", "\xE2\x8D\x82\xE3\x88\xB4\xE2\x8D\x82"},
      {"unicode_U+10FFFE_nonchar", "\\uDBFF\\uDFFE", "\xF4\x8F\xBF\xBE"},
      {"unicode_U+1FFFE_nonchar", "\\uD83F\\uDFFE", "\xF0\x9F\xBF\xBE"},
      {"unicode_U+200B_ZERO_WIDTH_SPACE", "\\u200B", "\xE2\x80\x8B"},
      {"unicode_U+2064_invisible_plus", "\\u2064", "\xE2\x81\xA4"},
      {"unicode_U+FDD0_nonchar", "\\uFDD0", "\xEF\xB7\x90"},
      {"unicode_U+FFFE_nonchar", "\\uFFFE", "\xEF\xBF\xBE"},
      {"utf8", "\xE2\x82\xAC\xF0\x9D\x84\x9E", "\xE2\x82\xAC\xF0\x9D\x84\x9E"},
      {"with_del_character",
       "a\x7F"
       "a",
       "a\x7F"
       "a"},
      {"byte_order_mark_inside", "\xEF\xBB\xBF", "\xEF\xBB\xBF"},
      {"last_before_the_surrogates", "\\uD7FF\\uE000", "\xED\x9F\xBF\xEE\x80\x80"},
      {"markup", "<b>{{user.name}}</b>", "<b>{{user.name}}</b>"},
  };
  for (const Decoded& sample : samples) {
    SCOPED_TRACE(sample.name);
    const ReadResult result = Document::read("[\"" + sample.text + "\"]");
    ASSERT_FALSE(result.fault) << result.fault->message;
    const Value string = *result.document->root().items().begin();
    EXPECT_EQ(string.string(), sample.meaning);
    EXPECT_TRUE(string.is_string(sample.meaning));
    EXPECT_FALSE(string.is_string(sample.meaning + "x"));
    EXPECT_EQ(string.text(), "\"" + sample.text + "\"");
    const ReadResult as_key = Document::read("{\"" + sample.text + "\":1}");
    ASSERT_FALSE(as_key.fault);
    EXPECT_TRUE(as_key.document->root().find(sample.meaning));
  }
}

TEST(Reader, FindsTheEndOfAStringAtEveryOffset) {
  for (std::size_t length = 0; length < 40; ++length) {
    for (const std::string last : {"", "\\n", "\xC3\xA9", "\xF0\x9F\x98\x80", "\x7F"}) {
      const std::string text = std::string(length, 'x') + last;
      const ReadResult result = Document::read("[\"" + text + "\",1]");
      ASSERT_FALSE(result.fault) << length << last;
      EXPECT_EQ((*result.document->root().items().begin()).text(), "\"" + text + "\"");
    }
  }
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

TEST(Reader, EnforcesTheDepthLimit) {
  EXPECT_FALSE(Document::read(nested(256)).fault);
  const ReadResult deeper = Document::read(nested(257));
  ASSERT_TRUE(deeper.fault);
  EXPECT_EQ(deeper.fault->position.column, 257);
  EXPECT_NE(deeper.fault->message.find("256"), std::string::npos);
  std::string objects;
  for (int depth = 0; depth < 255; ++depth) objects += "{\"a\":";
  EXPECT_FALSE(Document::read(objects + "{}" + std::string(255, '}')).fault);
  EXPECT_TRUE(Document::read(objects + "{\"a\":[]}" + std::string(255, '}')).fault);
  EXPECT_FALSE(Document::read(objects + "[1,2]" + std::string(255, '}')).fault);
}

TEST(Reader, CountsDepthNotBrackets) {
  std::string text = "[";
  for (int each = 0; each < 1000; ++each) text += "[{}],";
  EXPECT_FALSE(Document::read(text + "[]]").fault);
}

TEST(Reader, RefusesTextsBeyondTheRangeOfOffsets) {
  const std::size_t limit = 256U << 20U;
  // It is refused before it is read.
  const ReadResult result = Document::read(std::string(limit + 1, ' '));
  ASSERT_TRUE(result.fault);
  EXPECT_NE(result.fault->message.find("256 MiB"), std::string::npos);
}

/// Far above what linear work takes on a slow machine under a sanitizer, far below what quadratic work takes.
constexpr std::chrono::seconds kPatience(10);

TEST(Reader, ReadsAHundredThousandKeysOfOneObject) {
  for (const std::string escape : {"", "\\u0041"}) {
    std::string text = "{\"k" + escape + "\":0";
    for (int each = 0; each < 100000; ++each) text += ",\"" + std::to_string(each) + escape + "\":{}";
    text += "}";
    const auto begin = std::chrono::steady_clock::now();
    const ReadResult result = Document::read(text);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kPatience);
    ASSERT_FALSE(result.fault);
    EXPECT_EQ(result.document->root().size(), 100001U);
  }
}

TEST(Reader, ReadsManyNestedObjectsInLinearTime) {
  // Each level's keys are compared without going through the levels below.
  std::string text;
  for (int depth = 0; depth < 200; ++depth) text += "{\"a\":1,\"b\":";
  text += "[0";
  for (int each = 0; each < 100000; ++each) text += ",0";
  text += "]" + std::string(200, '}');
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(Document::read(text).fault);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kPatience);
}

}  // namespace
}  // namespace flowship::json
