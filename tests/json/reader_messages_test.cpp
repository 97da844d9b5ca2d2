#include "base/error.hpp"
#include "json/document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace flowship::json {
namespace {

/// "line:column: message", or "accepted".
std::string fault_of(std::string text) {
  const ReadResult result = Document::read(std::move(text));
  if (!result.fault) return "accepted";
  const Position at = result.fault->position;
  return std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + result.fault->message;
}

TEST(Fault, SaysWhatWasExpectedAndWhatWasFound) {
  EXPECT_EQ(fault_of("{\"a\": 1\n \"b\": 2}"), "2:2: expected `,` or `}` after this member, found `\"`");
  EXPECT_EQ(fault_of("[1 true]"), "1:4: expected `,` or `]` after this element, found `true`");
  EXPECT_EQ(fault_of("{\"a\": 1,}"), "1:9: expected a key in quotes after `,`, found `}`");
  EXPECT_EQ(fault_of("{\"a\": True}"), "1:7: expected a value after `:`, found `True`");
  EXPECT_EQ(fault_of("{\"a\" 1}"), "1:6: expected `:` after the key, found `1`");
  EXPECT_EQ(fault_of("[1] // all"), "1:5: expected the end of the text, found `/`");
  EXPECT_EQ(fault_of("[012]"), "1:3: expected no digit after a leading `0`, found `1`");
  EXPECT_EQ(fault_of(R"(["\x41"])"), R"(1:4: expected one of `"\/bfnrtu` after `\`, found `x`)");
  EXPECT_EQ(fault_of(R"(["\u12"])"), R"(1:7: expected four hexadecimal digits after `\u`, found `"`)");
}

TEST(Fault, ShowsNoWordThatMayBeASecret) {
  EXPECT_EQ(fault_of(R"({"password": hunter})"), "1:14: expected a value after `:`, found `h`");
  EXPECT_EQ(fault_of(std::string(100000, 'a')), "1:1: expected a JSON value, found `a`");
}

TEST(Fault, NamesTheNumberOfACharacterThatMayBeInvisible) {
  EXPECT_EQ(fault_of("[\u00a0]"), "1:2: expected a value or `]`, found `\u00a0` (U+00A0)");
  EXPECT_EQ(fault_of("\u2060"), "1:1: expected a JSON value, found `\\u{2060}` (U+2060)");
  EXPECT_EQ(fault_of("{\U0001F1E8}"), "1:2: expected a key in quotes or `}`, found `\U0001F1E8` (U+1F1E8)");
  EXPECT_EQ(fault_of("[\x1b]"), "1:2: expected a value or `]`, found `\\x1b`");
}

TEST(Fault, NamesWhatIsStillOpenAtTheEnd) {
  EXPECT_EQ(fault_of(""), "1:1: expected a JSON value, but the text is empty");
  EXPECT_EQ(fault_of(" \n"), "2:1: expected a JSON value, but the text ends");
  EXPECT_EQ(fault_of("{\n  \"a\": [\n1"),
            "3:2: expected `,` or `]` after this element, but the text ends inside the array that begins on line 2");
  EXPECT_EQ(fault_of("\n{"),
            "2:2: expected a key in quotes or `}`, but the text ends inside the object that begins on line 2");
}

TEST(Fault, NamesAStringThatDoesNotEndInItsLine) {
  EXPECT_EQ(fault_of("[\"a]"), "1:2: expected `\"` at the end of this string, but the text ends");
  EXPECT_EQ(fault_of("[\"a,\n1]"),
            "1:5: expected `\"` at the end of this string, found the end of the line (a line break inside is `\\n`)");
  EXPECT_EQ(fault_of("[\"a\tb\"]"), "1:4: a control character (\\t) in a string must be escaped");
}

TEST(Fault, NamesAByteOrderMark) {
  EXPECT_EQ(
      fault_of("\xEF\xBB\xBF{}"),
      "1:1: the text begins with a byte order mark, which JSON does not allow: save the file as UTF-8 without one");
  EXPECT_EQ(fault_of("\xFF\xFE{"),
            "1:1: the text begins with a UTF-16 byte order mark: save the file as UTF-8 without one");
}

TEST(Fault, NamesALoneSurrogate) {
  EXPECT_EQ(fault_of(R"(["\ud800"])"), R"(1:3: expected a low surrogate after the high one `\ud800`)");
  EXPECT_EQ(fault_of(R"(["\uDC00"])"), R"(1:3: expected a high surrogate before the low one `\uDC00`)");
}

TEST(Fault, ComesWithTheNameOfTheDocumentWhenThrown) {
  try {
    Document::parse("{\n  1}", "flows/a\nb.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "flows/a\\nb.json:2:3: expected a key in quotes or `}`, found `1`");
    EXPECT_EQ(error.fault(), Fault::invalid);
  }
  try {
    Document::parse("[");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "line 1:2: expected a value or `]`, but the text ends inside the array that begins on line 1");
  }
}

TEST(Fault, CountsColumnsInCharacters) {
  EXPECT_EQ(fault_of("[\"é\", x]").substr(0, 4), "1:7:");
  EXPECT_EQ(fault_of("[\"\U0001F468\u200D\U0001F469\", x]").substr(0, 4), "1:9:");
  EXPECT_EQ(fault_of("[\"שלום\", x]").substr(0, 5), "1:10:");
  EXPECT_EQ(fault_of("[\t\t\"a\",\tx]").substr(0, 4), "1:9:");
}

TEST(Fault, CountsLinesByLineFeeds) {
  EXPECT_EQ(fault_of("[\r\n1,\r\n x]").substr(0, 4), "3:2:");
  EXPECT_EQ(fault_of("[\r1,\r x]").substr(0, 4), "1:7:");
  EXPECT_EQ(fault_of("[\n\n\n\nx]").substr(0, 4), "5:1:");
}

TEST(DuplicateKey, IsReportedAtSecondOccurrenceWithLineOfFirst) {
  EXPECT_EQ(fault_of("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}"), "3:2: duplicate key \"a\", first on line 1");
}

TEST(DuplicateKey, IsFoundByDecodedText) {
  EXPECT_EQ(fault_of(R"({"é":1,"\u00e9":2})"), R"(1:8: duplicate key "\u00e9", first on line 1)");
  EXPECT_EQ(fault_of(R"({"\u002f":1,"\/":2,"x":3})"), R"(1:13: duplicate key "\/", first on line 1)");
  EXPECT_EQ(fault_of(R"({"\\u0061":1,"a":2})"), "accepted");
  EXPECT_EQ(fault_of(R"({"\ud83d\ude00":1,"😀":2})").substr(0, 5), "1:19:");
}

/// An object of `count` members, with `last` as the key of the last one.
std::string object_of(std::size_t count, const std::string& prefix, const std::string& last) {
  std::string text = "{";
  for (std::size_t at = 0; at + 1 < count; ++at) text += "\"" + prefix + std::to_string(at) + "\":{},\n";
  return text + "\"" + last + "\":0}";
}

TEST(DuplicateKey, IsFoundInObjectsOfEverySize) {
  for (std::size_t count = 2; count < 40; ++count) {
    const std::string line = std::to_string(count);
    EXPECT_EQ(fault_of(object_of(count, "k", "k0")), line + ":1: duplicate key \"k0\", first on line 1");
    EXPECT_EQ(fault_of(object_of(count, "k", "\\u006b0")).substr(0, line.size() + 3), line + ":1:");
    EXPECT_EQ(fault_of(object_of(count, "k", "k")), "accepted");
    EXPECT_EQ(fault_of(object_of(count, "k", "\\u006b")), "accepted");
  }
}

TEST(DuplicateKey, ReportsTheFirstOfSeveral) {
  const std::string many = object_of(30, "k", "last");
  const std::string twice = many.substr(0, many.size() - 1) + ",\n\"k7\":1,\n\"k2\":1,\n\"k7\":1}";
  EXPECT_EQ(fault_of(twice), "31:1: duplicate key \"k7\", first on line 8");
}

TEST(DuplicateKey, IsFoundAmongManyKeysInLinearithmicTime) {
  // Compared one by one these would take minutes.
  const std::string prefix(50, 'p');
  EXPECT_EQ(fault_of(object_of(100000, prefix, "last")), "accepted");
  EXPECT_EQ(fault_of(object_of(100000, prefix, prefix + "99")).substr(0, 9), "100000:1:");
}

TEST(DuplicateKey, IsTruncatedInTheMessage) {
  const std::string key(100000, 'k');
  EXPECT_EQ(fault_of("{\"" + key + "\":1,\n\"" + key + "\":2}"),
            "2:1: duplicate key \"" + std::string(59, 'k') + "…, first on line 1");
  std::string wide;
  for (int at = 0; at < 100; ++at) wide += "€";
  const std::string fault = fault_of("{\"" + wide + "\":1,\n\"" + wide + "\":2}");
  EXPECT_EQ(fault.find("\xEF\xBF\xBD"), std::string::npos) << fault;
}

TEST(Limits, RefuseDepthWithoutUsingTheStack) {
  const std::string fault = "nested deeper than 256 levels";
  EXPECT_EQ(fault_of(std::string(257, '[')), "1:257: " + fault);
  EXPECT_EQ(fault_of(std::string(1000000, '[')), "1:257: " + fault);
  std::string objects;
  for (int level = 0; level < 100000; ++level) objects += "[{\"\":";
  EXPECT_EQ(fault_of(objects), "1:641: " + fault);
}

TEST(Limits, RefuseATextThatIsTooLarge) {
  EXPECT_EQ(fault_of(std::string((256U << 20U) + 1, ' ')), "1:1: the text is larger than 256 MiB");
}

}  // namespace
}  // namespace flowship::json
