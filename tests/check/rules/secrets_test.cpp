#include "check/rules/secrets.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace flowship::check {
namespace {

const std::string kKey = std::string("K") + "2xUaTq0cWJr8sKfYp3HdZ1vQnAeB";

TEST(Secrets, AreFoundAtAnyOffset) {
  for (std::size_t before = 0; before < 64; ++before) {
    const std::string text = std::string(before, ' ') + kKey + std::string(before % 7, '.');
    const auto secret = find_secret(text);
    ASSERT_TRUE(secret) << before;
    EXPECT_EQ(secret->rule, "management-key");
    EXPECT_EQ(secret->begin, before);
    EXPECT_EQ(secret->length, kKey.size());
  }
}

TEST(Secrets, AreFoundAfterEscapes) {
  EXPECT_TRUE(find_secret("\\n" + kKey));
  EXPECT_TRUE(find_secret("\\u0020" + kKey));
  EXPECT_FALSE(find_secret("\\\\n" + kKey)) << "an escaped backslash, then a word that begins with n";
}

TEST(Secrets, AreInTheOrderOfTheText) {
  const std::string text = "Bearer abcdefghij0123456789 and " + kKey + " and Bearer " + kKey;
  const std::vector<Secret> secrets = find_secrets(text);
  ASSERT_EQ(secrets.size(), 3U);
  EXPECT_EQ(secrets[0].rule, "bearer-token");
  EXPECT_EQ(secrets[1].rule, "management-key");
  EXPECT_EQ(secrets[2].rule, "management-key");
}

TEST(Secrets, ShowTheirLengthOnly) { EXPECT_EQ(mask(kKey), "29 characters"); }

TEST(Secrets, BecomeStarsInALine) {
  const std::string stars(kKey.size(), '*');
  EXPECT_EQ(with_secrets_masked("  \"a\": \"ü\", \"b\": \"" + kKey + "\", \"c\": 1"),
            "  \"a\": \"ü\", \"b\": \"" + stars + "\", \"c\": 1");
  EXPECT_EQ(with_secrets_masked("\"\\u004b" + kKey.substr(1) + "\", \"x\\u0041\\\"\""),
            "\"" + std::string(6 + kKey.size() - 1, '*') + "\", \"x\\u0041\\\"\"");
  const std::string pem = std::string("-----BEGIN PRIVATE ") + "KEY-----\\nüM";
  EXPECT_EQ(with_secrets_masked("\"" + pem + "\""), "\"" + std::string(pem.size() - 1, '*') + "\"");
  EXPECT_EQ(with_secrets_masked("found K2, and \\u00"), "found K2, and \\u00");
}

TEST(Secrets, AreStarsInTheMiddleOfAWordToo) {
  for (const char* before : {"x-", "x_", "x"}) {
    EXPECT_FALSE(find_secret(before + kKey)) << before;
    EXPECT_EQ(with_secrets_masked(before + kKey), before + std::string(kKey.size(), '*'));
  }
}

TEST(Secrets, WithANameBeforeThemAreStarsAnywhereInAMessage) {
  // A password may look like the name of a variable.
  for (const std::string& value : {std::string("zzTOPsecret9"), std::string("hunter22")}) {
    for (const char* before :
         {"token: ", "password: ", "apiKey: ", "access_token: ", "Authorization: Bearer ",
          "remote: access_token: ", "note: Authorization: Bearer ", "see access_token: ", "remote: secret: ", "token=",
          "use password = ", "use token= ", "https://example.com/r.git?key=", "https://example.com/r.git?a=1&key="}) {
      EXPECT_EQ(with_message_masked(before + value), before + std::string(value.size(), '*'));
    }
  }
  EXPECT_EQ(with_message_masked("password: a1&b2c3d4 is set"), "password: ********* is set");
  EXPECT_EQ(with_message_masked("with password: 12345678"), "with password: ********");
  EXPECT_EQ(with_message_masked("take password = correcthorse now"), "take password = ************ now");
  for (const char* prose :
       {"auth: tidy up", "fix(token): read it again", "Fix token: it was wrong", "password: reset",
        "Rename the secret: client_secret", "set token = null", "see https://example.com/token: it is v1.2.3"}) {
    EXPECT_EQ(with_message_masked(prose), prose);
  }
}

TEST(Secrets, OfUrlsAreMasked) {
  const auto expect = [](const std::string& text, const std::string& masked) {
    EXPECT_EQ(with_secrets_masked(text), masked);
  };
  expect("https://user:hunter2@example.com/x?a=1&api_key=s3cr3t&b=2#c",
         "https://user:*******@example.com/x?a=1&api_key=******&b=2#c");
  expect("\"/contacts?access_token=abc\"", "\"/contacts?access_token=***\"");
  expect("\"https:\\/\\/user:hunter2@example.com\"", "\"" + std::string(34, '*') + "\"");
  for (const std::string shown :
       {"https://user@example.com:8080/a:b@c", "https://user:{{secret}}@example.com/",
        "https://example.com/?token={{form.token}}", "Really? token = abc", "https://example.com/?keyword=abc"}) {
    expect(shown, shown);
  }
}

/// Fails if the search takes much longer than linear time.
void expect_linear(const std::string& piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  const auto started = std::chrono::steady_clock::now();
  with_secrets_masked(text);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(20)) << piece;
}

TEST(Secrets, AreFoundInLinearTime) {
  for (const std::string piece : {"eyJ-",
                                  "eyJ.",
                                  "AIza-",
                                  "K2",
                                  "K2-",
                                  "\\",
                                  "Bearer ",
                                  "PRIVATE KEY",
                                  "xoxb-",
                                  "SG.",
                                  "-----BEGIN PRIVATE KEY",
                                  "sk-ant-",
                                  "eyJhbGciOiJub25lIn0.",
                                  "://",
                                  "://a:b@",
                                  "?",
                                  "?token=a",
                                  "&a=b",
                                  "eyJrIjoi",
                                  "eyJrIjoi/",
                                  "glpat-EXAMPLE",
                                  "Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0Aa0-glpat-",
                                  "basic ",
                                  "Basic YTpi",
                                  "PuTTY-User-Key-File-",
                                  "Q~",
                                  "AccountKey=",
                                  "MAAAAAAAAAAAAAAAAAAAAAAAAA.aaaaaa."}) {
    expect_linear(piece, 300'000);
  }
  // The search for a quotation mark is fast: only a large text shows that it is repeated.
  expect_linear("-----BEGIN PRIVATE KEY-----END", 10'000'000);
}

}  // namespace
}  // namespace flowship::check
