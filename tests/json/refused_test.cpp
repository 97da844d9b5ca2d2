// Texts that are no JSON, after the n_ cases of the public JSONTestSuite, and those of its i_ cases that are refused.

#include "json/document.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {
namespace {

using namespace std::string_literals;

struct Sample {
  const char* name;
  std::string text;
};

void expect_refused(const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.name);
    const ReadResult result = Document::read(sample.text);
    EXPECT_EQ(result.document, nullptr);
    ASSERT_TRUE(result.fault);
    EXPECT_FALSE(result.fault->message.empty());
    EXPECT_GE(result.fault->position.line, 1);
    EXPECT_GE(result.fault->position.column, 1);
  }
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t each = 0; each < times; ++each) text += part;
  return text;
}

TEST(Refused, Arrays) {
  expect_refused({
      {"1_true_without_comma", "[1 true]"},
      {"a_invalid_utf8", "[a\xE5]"},
      {"colon_instead_of_comma", "[\"\": 1]"},
      {"comma_after_close", "[\"\"],"},
      {"comma_and_number", "[,1]"},
      {"double_comma", "[1,,2]"},
      {"double_extra_comma", "[\"x\",,]"},
      {"extra_close", "[\"x\"]]"},
      {"extra_comma", "[\"\",]"},
      {"incomplete", "[\"x\""},
      {"incomplete_invalid_value", "[x"},
      {"inner_array_no_comma", "[3[4]]"},
      {"invalid_utf8", "[\xFF]"},
      {"items_separated_by_semicolon", "[1:2]"},
      {"just_comma", "[,]"},
      {"just_minus", "[-]"},
      {"missing_value", "[   , \"\"]"},
      {"newlines_unclosed", "[\"a\",\n4\n,1,"},
      {"number_and_comma", "[1,]"},
      {"number_and_several_commas", "[1,,]"},
      {"spaces_vertical_tab_formfeed", "[\"\va\"\\f]"},
      {"star_inside", "[*]"},
      {"unclosed", "[\"\""},
      {"unclosed_trailing_comma", "[1,"},
      {"unclosed_with_new_lines", "[1,\n1\n,1"},
      {"unclosed_with_object_inside", "[{}"},
      {"key_inside", "[\"a\":1]"},
      {"semicolon", "[1;2]"},
      {"adjacent_strings", "[\"a\" \"b\"]"},
      {"adjacent_objects", "[{}{}]"},
  });
}

TEST(Refused, Literals) {
  expect_refused({
      {"incomplete_false", "[fals]"},
      {"incomplete_null", "[nul]"},
      {"incomplete_true", "[tru]"},
      {"incomplete_true_at_the_end", "tru"},
      {"capitalized_true", "[True]"},
      {"capitalized_null", "NULL"},
      {"longer_true", "[truee]"},
      {"longer_null", "nullx"},
      {"literal_then_digit", "[false0]"},
      {"undefined", "[undefined]"},
      {"nan", "[NaN]"},
      {"minus_nan", "[-NaN]"},
      {"inf", "[Inf]"},
      {"infinity", "[Infinity]"},
      {"minus_infinity", "[-Infinity]"},
      {"multidigit_number_then_00", "123\0"s},
      {"literal_then_00", "true\0"s},
      {"ascii_unicode_identifier", "a\xC3\xA5"},
      {"fullwidth_true", "\xEF\xBD\x94rue"},
  });
}

TEST(Refused, Numbers) {
  expect_refused({
      {"++", "[++1234]"},
      {"+1", "[+1]"},
      {"+Inf", "[+Inf]"},
      {"-01", "[-01]"},
      {"-1.0.", "[-1.0.]"},
      {"-2.", "[-2.]"},
      {".-1", "[.-1]"},
      {".2e-3", "[.2e-3]"},
      {"0.1.2", "[0.1.2]"},
      {"0.3e+", "[0.3e+]"},
      {"0.3e", "[0.3e]"},
      {"0.e1", "[0.e1]"},
      {"0_capital_E+", "[0E+]"},
      {"0_capital_E", "[0E]"},
      {"0e+", "[0e+]"},
      {"0e", "[0e]"},
      {"1.0e+", "[1.0e+]"},
      {"1.0e-", "[1.0e-]"},
      {"1.0e", "[1.0e]"},
      {"1_000", "[1 000.0]"},
      {"1_underscore_000", "[1_000]"},
      {"1eE2", "[1eE2]"},
      {"2.e+3", "[2.e+3]"},
      {"2.e-3", "[2.e-3]"},
      {"2.e3", "[2.e3]"},
      {"9.e+", "[9.e+]"},
      {"u+ff11_fullwidth_digit_one", "[\xEF\xBC\x91]"},
      {"expression", "[1+2]"},
      {"hex_1_digit", "[0x1]"},
      {"hex_2_digits", "[0x42]"},
      {"invalid+-", "[0e+-1]"},
      {"invalid_negative_real", "[-123.123foo]"},
      {"invalid_utf8_in_bigger_int", "[123\xE5]"},
      {"invalid_utf8_in_exponent", "[1e1\xE5]"},
      {"invalid_utf8_in_int", "[0\xE5]\n"},
      {"minus_sign_with_trailing_garbage", "[-foo]"},
      {"minus_space_1", "[- 1]"},
      {"neg_int_starting_with_zero", "[-012]"},
      {"neg_real_without_int_part", "[-.123]"},
      {"neg_with_garbage_at_end", "[-1x]"},
      {"real_garbage_after_e", "[1ea]"},
      {"real_with_invalid_utf8_after_e", "[1e\xE5]"},
      {"real_without_fractional_part", "[1.]"},
      {"starting_with_dot", "[.123]"},
      {"with_alpha", "[1.2a-3]"},
      {"with_alpha_char", "[1.8011670033376514H-308]"},
      {"with_leading_zero", "[012]"},
      {"double_zero", "00"},
      {"minus_at_the_end", "-"},
      {"point_at_the_end", "1."},
      {"exponent_at_the_end", "1e"},
      {"exponent_with_point", "1e2.5"},
      {"double_minus", "--1"},
      {"suffix", "1L"},
      {"comma_as_decimal_point", "1,5"},
  });
}

TEST(Refused, Objects) {
  expect_refused({
      {"bad_value", "[\"x\", truth]"},
      {"bracket_key", "{[: \"x\"}\n"},
      {"comma_instead_of_colon", "{\"x\", null}"},
      {"double_colon", "{\"x\"::\"b\"}"},
      {"emoji", "{\xF0\x9F\x87\xA8\xF0\x9F\x87\xAD}"},
      {"garbage_at_end", "{\"a\":\"a\" 123}"},
      {"key_with_single_quotes", "{key: 'value'}"},
      {"lone_continuation_byte_in_key_and_trailing_comma", "{\"\xB9\":\"0\",}"},
      {"missing_colon", "{\"a\" b}"},
      {"missing_key", "{:\"b\"}"},
      {"missing_semicolon", "{\"a\" \"b\"}"},
      {"missing_value", "{\"a\":"},
      {"missing_value_closed", "{\"a\":}"},
      {"no-colon", "{\"a\""},
      {"no-colon_closed", "{\"a\"}"},
      {"non_string_key", "{1:1}"},
      {"non_string_key_but_huge_number_instead", "{9999E9999:1}"},
      {"null_key", "{null:null,null:null}"},
      {"repeated_null_null", "{null:null}"},
      {"several_trailing_commas", "{\"id\":0,,,,,}"},
      {"single_quote", "{'a':0}"},
      {"trailing_comma", "{\"id\":0,}"},
      {"trailing_comment", "{\"a\":\"b\"}/**/"},
      {"trailing_comment_open", "{\"a\":\"b\"}/**//"},
      {"trailing_comment_slash_open", "{\"a\":\"b\"}//"},
      {"trailing_comment_slash_open_incomplete", "{\"a\":\"b\"}/"},
      {"two_commas_in_a_row", "{\"a\":\"b\",,\"c\":\"d\"}"},
      {"leading_comma", "{,\"a\":1}"},
      {"just_comma", "{,}"},
      {"unquoted_key", "{a: \"b\"}"},
      {"unterminated-value", "{\"a\":\"a"},
      {"with_single_string", "{ \"foo\" : \"bar\", \"a\" }"},
      {"with_trailing_garbage", "{\"a\":\"b\"}#"},
      {"equals_instead_of_colon", "{\"a\"=1}"},
      {"missing_comma", "{\"a\":1 \"b\":2}"},
      {"semicolon", "{\"a\":1;\"b\":2}"},
      {"key_that_does_not_end", "{\"a"},
      {"value_without_key", "{\"a\":1,2}"},
  });
}

TEST(Refused, Strings) {
  expect_refused({
      {"single_space", " "},
      {"1_surrogate_then_escape", "[\"\\uD800\\\"]"},
      {"1_surrogate_then_escape_u", "[\"\\uD800\\u\"]"},
      {"1_surrogate_then_escape_u1", "[\"\\uD800\\u1\"]"},
      {"1_surrogate_then_escape_u1x", "[\"\\uD800\\u1x\"]"},
      {"accentuated_char_no_quotes", "[\xC3\xA9]"},
      {"backslash_00", "[\"\\\0\"]"s},
      {"escape_x", "[\"\\x00\"]"},
      {"escaped_backslash_bad", "[\"\\\\\\\"]"},
      {"escaped_ctrl_char_tab", "[\"\\\t\"]"},
      {"escaped_emoji", "[\"\\\xF0\x9F\x8C\x80\"]"},
      {"incomplete_escape", "[\"\\\"]"},
      {"incomplete_escaped_character", "[\"\\u00A\"]"},
      {"incomplete_surrogate", "[\"\\uD834\\uDd\"]"},
      {"incomplete_surrogate_escape_invalid", "[\"\\uD800\\uD800\\x\"]"},
      {"invalid-utf-8-in-escape", "[\"\\u\xE5\"]"},
      {"invalid_backslash_esc", "[\"\\a\"]"},
      {"invalid_unicode_escape", "[\"\\uqqqq\"]"},
      {"invalid_utf8_after_escape", "[\"\\\xE5\"]"},
      {"leading_uescaped_thinspace", "[\\u0020\"asd\"]"},
      {"no_quotes_with_bad_escape", "[\\n]"},
      {"single_doublequote", "\""},
      {"single_quote", "['single quote']"},
      {"single_string_no_double_quotes", "abc"},
      {"start_escape_unclosed", "[\"\\"},
      {"unescaped_ctrl_char", "[\"a\0a\"]"s},
      {"unescaped_newline", "[\"new\nline\"]"},
      {"unescaped_return", "[\"new\rline\"]"},
      {"unescaped_tab", "[\"\t\"]"},
      {"unescaped_unit_separator", "[\"\x1F\"]"},
      {"unicode_CapitalU", "\"\\UA66D\""},
      {"with_trailing_garbage", "\"\"x"},
      {"escaped_single_quote", "[\"\\'\"]"},
      {"escaped_digit", "[\"\\0\"]"},
      {"escaped_newline", "[\"\\\n\"]"},
      {"u_with_sign", "[\"\\u+123\"]"},
      {"u_with_braces", "[\"\\u{41}\"]"},
      {"u_cut_short", "\"\\u12"},
      {"backslash_at_the_end", "\"a\\"},
      {"quote_in_quotes", "\"a\"b\""},
  });
}

TEST(Refused, Structures) {
  expect_refused({
      {"100000_opening_arrays", std::string(100000, '[')},
      {"open_array_object", repeated("[{\"\":", 50000)},
      {"no_data", ""},
      {"angle_bracket_.", "<.>"},
      {"angle_bracket_null", "[<null>]"},
      {"array_trailing_garbage", "[1]x"},
      {"array_with_extra_array_close", "[1]]"},
      {"array_with_unclosed_string", "[\"asd]"},
      {"ascii-unicode-identifier", "a\xC3\xA5"},
      {"capitalized_True", "[True]"},
      {"close_unopened_array", "1]"},
      {"comma_instead_of_closing_brace", "{\"x\": true,"},
      {"double_array", "[][]"},
      {"end_array", "]"},
      {"end_object", "}"},
      {"incomplete_UTF8_BOM", "\xEF\xBB{}"},
      {"lone-invalid-utf-8", "\xE5"},
      {"lone-open-bracket", "["},
      {"null-byte-outside-string", "[\0]"s},
      {"null-byte-alone", "\0"s},
      {"null-byte-behind-the-text", "[]\0"s},
      {"number_with_trailing_garbage", "2@"},
      {"object_followed_by_closing_object", "{}}"},
      {"object_unclosed_no_value", "{\"\":"},
      {"object_with_comment", "{\"a\":/*comment*/\"b\"}"},
      {"object_with_trailing_garbage", "{\"a\": true} \"x\""},
      {"open_array_apostrophe", "['"},
      {"open_array_comma", "[,"},
      {"open_array_open_object", "[{"},
      {"open_array_open_string", "[\"a"},
      {"open_array_string", "[\"a\""},
      {"open_object", "{"},
      {"open_object_close_array", "{]"},
      {"open_array_close_object", "[}"},
      {"open_object_comma", "{,"},
      {"open_object_open_array", "{["},
      {"open_object_open_string", "{\"a"},
      {"open_object_string_with_apostrophes", "{'a'"},
      {"open_open", "[\"\\{[\"\\{[\"\\{[\"\\{"},
      {"single_eacute", "\xE9"},
      {"single_star", "*"},
      {"trailing_#", "{\"a\":\"b\"}#{}"},
      {"U+2060_word_joined", "[\xE2\x81\xA0]"},
      {"uescaped_LF_before_string", "[\\u000A\"\"]"},
      {"unclosed_array", "[1"},
      {"unclosed_array_partial_null", "[ false, nul"},
      {"unclosed_array_unfinished_false", "[ true, fals"},
      {"unclosed_array_unfinished_true", "[ false, tru"},
      {"unclosed_object", "{\"asd\":\"asd\""},
      {"unicode-identifier", "\xC3\xA5"},
      {"UTF8_BOM_no_data", "\xEF\xBB\xBF"},
      {"whitespace_formfeed", "[\f]"},
      {"whitespace_vertical_tab", "[\v]"},
      {"whitespace_U+2060", "[\xE2\x81\xA0]"},
      {"whitespace_no_break_space", "[\xC2\xA0]"},
      {"whitespace_line_separator", "[\xE2\x80\xA8]"},
      {"two_values", "1 2"},
      {"leading_comment", "// x\n1"},
      {"crossed_brackets", "[{\"a\":1]}"},
  });
}

TEST(Refused, BytesThatAreNotUtf8) {
  expect_refused({
      {"invalid_utf-8", "[\"\xFF\"]"},
      {"iso_latin_1", "[\"\xE9\"]"},
      {"lone_utf8_continuation_byte", "[\"\x81\"]"},
      {"not_in_unicode_range", "[\"\xF4\xBF\xBF\xBF\"]"},
      {"overlong_sequence_2_bytes", "[\"\xC0\xAF\"]"},
      {"overlong_sequence_3_bytes", "[\"\xE0\x80\xAF\"]"},
      {"overlong_sequence_4_bytes", "[\"\xF0\x80\x80\xAF\"]"},
      {"overlong_sequence_6_bytes", "[\"\xFC\x83\xBF\xBF\xBF\xBF\"]"},
      {"overlong_sequence_6_bytes_null", "[\"\xFC\x80\x80\x80\x80\x80\"]"},
      {"truncated-utf-8", "[\"\xE0\xFF\"]"},
      {"truncated-by-the-quote", "[\"\xF0\x9F\x98\"]"},
      {"truncated-by-the-end", "\"\xE2\x82"},
      {"UTF-8_invalid_sequence", "[\"\xE6\x97\xA5\xD1\x88\xFA\"]"},
      {"UTF8_surrogate_U+D800", "[\"\xED\xA0\x80\"]"},
      {"UTF8_surrogate_U+DFFF", "[\"\xED\xBF\xBF\"]"},
      {"utf16BE_no_BOM", "\0[\0\"\0\xE9\0\"\0]"s},
      {"utf16LE_no_BOM", "[\0\"\0\xE9\0\"\0]\0"s},
      {"utf-16LE_with_BOM", "\xFF\xFE[\0\"\0\xE9\0\"\0]\0"s},
      {"in_a_key", "{\"\x80\":1}"},
      {"last_byte_of_a_long_string", "\"abcdefghijklmnopqrstuvwxyz\xBF\""},
      {"C1_lead", "\"\xC1\x81\""},
      {"F5_lead", "\"\xF5\x80\x80\x80\""},
  });
}

TEST(Refused, InvalidUtf8AtEveryOffsetOfAString) {
  for (std::size_t length = 0; length < 24; ++length) {
    EXPECT_TRUE(Document::read("\"" + std::string(length, 'x') + "\x80\"").fault) << length;
    EXPECT_TRUE(Document::read("\"" + std::string(length, 'x') + "\x1F\"").fault) << length;
    EXPECT_TRUE(Document::read("\"" + std::string(length, 'x')).fault) << length;
  }
}

TEST(Refused, LoneSurrogates) {
  expect_refused({
      {"1st_surrogate_but_2nd_missing", "[\"\\uDADA\"]"},
      {"1st_valid_surrogate_2nd_invalid", "[\"\\uD888\\u1234\"]"},
      {"UTF-16_incomplete_surrogate", "[\"\\uD800\"]"},
      {"incomplete_surrogate_and_escape_valid", "[\"\\uD800\\n\"]"},
      {"incomplete_surrogate_pair", "[\"\\uDd1ea\"]"},
      {"incomplete_surrogates_escape_valid", "[\"\\uD800\\uD800\\n\"]"},
      {"invalid_lonely_surrogate", "[\"\\ud800\"]"},
      {"invalid_surrogate", "[\"\\ud800abc\"]"},
      {"inverted_surrogates_U+1D11E", "[\"\\uDd1e\\uD834\"]"},
      {"lone_second_surrogate", "[\"\\uDFAA\"]"},
      {"key_lone_2nd_surrogate", "{\"\\uDFAA\":0}"},
  });
}

TEST(Refused, AByteOrderMark) {
  const ReadResult result = Document::read("\xEF\xBB\xBF{}");
  ASSERT_TRUE(result.fault);
  EXPECT_NE(result.fault->message.find("byte order mark"), std::string::npos);
  EXPECT_EQ(result.fault->position.column, 1);
}

TEST(Refused, DuplicateKeys) {
  expect_refused({
      {"duplicated_key", "{\"a\":\"b\",\"a\":\"c\"}"},
      {"duplicated_key_and_value", "{\"a\":\"b\",\"a\":\"b\"}"},
      {"empty_keys", "{\"\":1,\"\":2}"},
      {"one_escaped", "{\"a\":1,\"\\u0061\":2}"},
      {"both_escaped", "{\"\\n\":1,\"\\u000a\":2}"},
      {"not_adjacent", "{\"a\":1,\"b\":{\"a\":1},\"a\":2}"},
      {"within_an_array", "[{\"a\":1,\"a\":2}]"},
  });
}

TEST(Refused, ReportsDuplicateKeyAtSecondOccurrence) {
  for (const int count : {5, 12, 13, 40}) {
    std::string text = "{\"z\":0";
    for (int each = 0; each < count; ++each) text += ",\n\"key" + std::to_string(each) + "\":0";
    const ReadResult good = Document::read(text + "}");
    EXPECT_FALSE(good.fault) << count;
    // Two pairs: the one that ends first in the text is told, whatever its name.
    const ReadResult bad = Document::read(text + ",\n\"z\":1,\n\"key0\":1}");
    ASSERT_TRUE(bad.fault) << count;
    EXPECT_EQ(bad.fault->position.line, count + 2) << count;
    EXPECT_EQ(bad.fault->position.column, 1);
    EXPECT_NE(bad.fault->message.find("\"z\""), std::string::npos) << bad.fault->message;
  }
}

}  // namespace
}  // namespace flowship::json
