#include "flow/describe/secret_members.hpp"

#include "flow/describe/secret_names.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

TEST(SecretMembers, AreKnownByTheirNames) {
  for (const std::string name : {"password",
                                 "PASSWORD",
                                 "newPassword",
                                 "password2",
                                 "db_passwd",
                                 "secret",
                                 "clientSecret",
                                 "client-secret",
                                 "Client Secret",
                                 "token",
                                 "access_token",
                                 "X-Auth-Token",
                                 "apiKey",
                                 "X-Api-Key",
                                 "api_key",
                                 "privateKey",
                                 "private_key_pem",
                                 "Authorization",
                                 "Proxy-Authorization",
                                 "authorizationHeader",
                                 "passphrase",
                                 "accessKey",
                                 "aws_secret_access_key",
                                 "credentials",
                                 "Cookie",
                                 "Set-Cookie",
                                 "pwd"}) {
    EXPECT_TRUE(names_secret(name)) << name;
  }
  for (const std::string name : {"", "name", "key", "passwordPolicy", "password-label", "tokenType", "tokenExpiration",
                                 "secretary", "author", "keyword", "monkey", "maxTokens", "passkeys", "Content-Type"}) {
    EXPECT_FALSE(names_secret(name)) << name;
  }
}

std::string starred(const std::string& text) { return with_secret_members_starred(text); }

TEST(SecretMembers, BecomeStars) {
  EXPECT_EQ(starred(R"({"url": "a", "password": "abü", "b": "ab"})"), R"({"url": "a", "password": "***", "b": "ab"})");
  EXPECT_EQ(starred(R"({"pass\u0077ord": "a\"b"})"), R"({"pass\u0077ord": "****"})");
  EXPECT_EQ(starred(R"({"clientSecret": {"type": "inline", "value": "abc"}})"),
            R"({"clientSecret": {"type": "inline", "value": "***"}})");
  EXPECT_EQ(starred(R"({"secret": ["abc", {"a": "b", "c": 12}], "d": "e"})"),
            R"({"secret": ["***", {"a": "*", "c": **}], "d": "e"})");
}

TEST(SecretMembers, AreFoundInListsOfNamesAndValues) {
  EXPECT_EQ(starred(R"([{"key": "X-Api-Key", "value": "ab"}, {"key": "Accept", "value": "ab"}])"),
            R"([{"key": "X-Api-Key", "value": "**"}, {"key": "Accept", "value": "ab"}])");
  EXPECT_EQ(starred(R"([{"value": {"type": "inline", "value": "ab"}, "name": "Authorization", "id": "x"}])"),
            R"([{"value": {"type": "inline", "value": "**"}, "name": "Authorization", "id": "x"}])");
}

TEST(SecretMembers, AreNoFlagsTemplatesAndMapsOfIds) {
  for (const std::string text :
       {R"({"password": true, "token": null, "secret": ""})", R"({"password": "{{form.password}}"})",
        R"({"contents": {"password": {"type": {"resolvedName": "Input"}}}})",
        R"({"interactions": {"forgot-password": {"label": "Forgot it?"}}})",
        R"({"connectors": {"My Secret": "CI2"}})"}) {
    EXPECT_EQ(starred(text), text);
  }
}

TEST(SecretMembers, AreFoundInBrokenText) {
  EXPECT_EQ(starred("{\"password\": \"abc"), "{\"password\": \"***");
  EXPECT_EQ(starred("{\"a\": {\"token\": \"abc\",, \"b\": \"c\"\n}}]"),
            "{\"a\": {\"token\": \"***\",, \"b\": \"c\"\n}}]");
  EXPECT_EQ(starred("\"a\\"), "\"a\\");
}

TEST(SecretMembers, NeedNoQuotesInBrokenText) {
  EXPECT_EQ(starred("{\"password\":\n abc, \"a\": abc}"), "{\"password\":\n ***, \"a\": abc}");
  EXPECT_EQ(starred(R"({"key": "X-Api-Key", "value": abc})"), R"({"key": "X-Api-Key", "value": ***})");
}

TEST(SecretMembers, HideTheRestOfALineInBrokenText) {
  const auto lines = [](const std::string& text) { return with_secret_lines_starred(text); };
  EXPECT_EQ(lines("{\"a\": 1,\n \"api key\": abc,\n \"b\": c}"),
            "{\"a\": 1,\n \"api key" + std::string(7, '*') + "\n \"b\": c}");
  EXPECT_EQ(lines("{'token': 1"), "{'token****");
  EXPECT_EQ(lines("{\"token\":\n \"a\",b\"\n}"), "{\"token**\n ******\n}");
  EXPECT_EQ(lines(R"({"apiK\u0065y": abc, d})"), R"({"apiK\u0065y": *******)");
  EXPECT_EQ(lines("{\"a\": b}\n\n"), "{\"a\": b}\n\n");
}

TEST(SecretMembers, AreFoundInTextsThatStringsHold) {
  EXPECT_EQ(starred(R"({"body": "{\"user\": \"ada\", \"password\": \"abc\"}"})"),
            R"({"body": "{\"user\": \"ada\", \"password\": \"***\"}"})");
  EXPECT_EQ(starred(R"({"body": "{'apiKey' : 'abc', 'n': 1}"})"), R"({"body": "{'apiKey' : '***', 'n': 1}"})");
  EXPECT_EQ(starred(R"({"body": "grant_type=x&client_secret=abc&y=1"})"),
            R"({"body": "grant_type=x&client_secret=***&y=1"})");
  EXPECT_EQ(starred(R"({"url": "https://h/x#access_token=abc"})"), R"({"url": "https://h/x#access_token=***"})");
  EXPECT_EQ(starred(R"({"head": "Accept: a\nX-Api-Key: abc\nB: c"})"),
            R"({"head": "Accept: a\nX-Api-Key: ***\nB: c"})");
  EXPECT_EQ(starred(R"({"code": "const password = \"abc\";"})"), R"({"code": "const password = \"***\";"})");
}

TEST(SecretMembers, AreNotFoundInProseCodeAndTemplates) {
  for (const std::string text :
       {R"({"text": "Your password: at least 8 letters"})", R"({"text": "token: expired, secret: \"\""})",
        R"({"code": "const token = args.token; if (password == other) { x = {password: y} }"})",
        R"({"body": "{\"password\": \"{{form.password}}\", \"token\": token}"})", R"({"a": "token=", "b": "=x:y"})"}) {
    EXPECT_EQ(starred(text), text);
  }
}

TEST(SecretMembers, AreMaskedInPartsOfADocument) {
  const json::DocumentPtr document =
      json::Document::read(
          R"({"headers": [{"key": "X-Api-Key", "value": "ab"}], "password": {"value": 12}, "a": "ab"})")
          .document;
  SecretMembers secrets;
  const json::Value root = document->root();
  const json::Value header = *root.find("headers").items().begin();
  EXPECT_EQ(secrets.masked(header.find("value"), {"headers", "0", "value"}), "\"********\"");
  EXPECT_EQ(secrets.masked(header, {"headers", "0"}), R"({"key": "X-Api-Key", "value": "********"})");
  EXPECT_EQ(secrets.masked(root.find("password"), {"x"}), R"({"value": "********"})");
  EXPECT_EQ(secrets.masked(root.find("a"), {"a"}), std::nullopt);
  EXPECT_EQ(secrets.masked(root.find("a"), {"arguments", "token", "value"}), "\"********\"");
  EXPECT_EQ(secrets.masked(root.find("a"), {"contents", "token", "value"}), std::nullopt);
  const json::DocumentPtr text = json::Document::read(R"({"body": "x=1&pwd=ab"})").document;
  EXPECT_EQ(secrets.masked(text->root().find("body"), {"body"}), "\"x=1&pwd=********\"");
}

}  // namespace
}  // namespace flowship::flow
