#include "flow/describe/secret_texts.hpp"

#include "flow/describe/secret_members.hpp"
#include "flow/describe/secret_names.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace flowship::flow {
namespace {

using Texts = std::vector<std::string>;

/// A value as JSON source.
std::string quoted(const std::string& text) {
  std::string source = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') source += '\\';
    source += letter == '\n' ? "\\n" : std::string(1, letter);
  }
  return source + '"';
}

std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char letter : text) {
    const char digits[] = "0123456789ABCDEF";
    const auto code = static_cast<unsigned char>(letter);
    encoded += std::string("%") + digits[code / 16] + digits[code % 16];
  }
  return encoded;
}

/// Forms of a text with a secret: as a message, as a string of a flow, and within more encodings.
Texts forms(const std::string& text) {
  return {text, "{\"a\": " + quoted(text) + "}", "{\"a\": " + quoted("{\"b\": " + quoted(text) + "}") + "}",
          "{\"a\": " + quoted("body=" + percent_encoded(text)) + "}"};
}

bool shows(const std::string& text, const std::string& secret) {
  return with_named_secrets_starred(text).find(secret) != std::string::npos ||
         (text.starts_with('{') && with_secret_members_starred(text).find(secret) != std::string::npos);
}

TEST(SecretTexts, AreMaskedInEveryFormAndEncoding) {
  const std::string secret = "zqa17x";
  for (const std::string& text : Texts{R"({"u": "x", "password": "zqa17x"})",
                                       R"([{"key": "X-Api-Key", "value": "zqa17x"}])",
                                       R"([{"value": "zqa17x", "name": "client_secret"}])",
                                       R"([{"header": "Authorization", "content": "zqa17x"}])",
                                       R"([{"content": "zqa17x", "header": "Authorization"}])",
                                       R"([{"field": "apiKey", "val": "zqa17x"}])",
                                       R"([["Accept", "json"], ["X-Api-Key", "zqa17x"]])",
                                       R"(curl -H "X-Api-Key: zqa17x" https://h.example)",
                                       "curl -H 'password: zqa17x' https://h.example",
                                       "POST /x HTTP/1.1\nAuthorization: Bearer zqa17x\nAccept: a",
                                       "Authorization: zqa17x",
                                       "Cookie: sid=zqa17x; a=b",
                                       "const apiKey = `zqa17x`;",
                                       "headers['X-Api-Key'] = 'zqa17x'",
                                       "'password' => 'zqa17x'",
                                       "user: u\npassword: zqa17x\nhost: h",
                                       "- token: zqa17x",
                                       "<r><password>zqa17x</password></r>",
                                       R"(<a:password enc="no"><![CDATA[zqa17x]]></a:password>)",
                                       "https://h.example/?next=https%3A%2F%2Fx%2F%3Fapi_key%3Dzqa17x",
                                       "https://h.example/b?sv=1&sig=zqa17x&se=2",
                                       "grant_type=x&client_secret=zqa17x&z=1",
                                       "rotate the key X-Api-Key: zqa17x, and go on"}) {
    for (const std::string& form : forms(text)) {
      // Every byte of the secret itself is encoded in the last form.
      const bool is_encoded = form.find(secret) == std::string::npos;
      EXPECT_FALSE(shows(form, is_encoded ? percent_encoded(secret) : secret)) << form;
    }
  }
}

TEST(SecretTexts, AreMaskedBehindWordsIfTheyAreLinesOfYaml) {
  EXPECT_EQ(with_named_secrets_starred("user: ada\npassword: swordfish\n"), "user: ada\npassword: *********\n");
  EXPECT_EQ(with_named_secrets_starred("user: ada\npassword: a(b)&c # old"), "user: ada\npassword: ****** # old");
  EXPECT_EQ(with_named_secrets_starred("pin: 4711\nuser: ada"), "pin: ****\nuser: ada");
}

TEST(SecretTexts, AreNoProseCodeAndPlaceholders) {
  for (const std::string& text : Texts{"Forgot your password: click here",
                                       "Password: at least 8 characters",
                                       "Password: required",
                                       "Email: yours\nPassword: required",
                                       "password: 8+ characters, token: 32-character",
                                       "auth: rename the task",
                                       "pin: the last 4 digits",
                                       "Enter the passcode: 123456",
                                       "The token: it expires in 5m0s",
                                       "Authorization: the header of a request",
                                       "X-Api-Key: {{connectors.key}}",
                                       "Authorization: Bearer {{token}}",
                                       R"(curl -H "X-Api-Key: $API_KEY" -H "Authorization: Bearer ${TOKEN2}")",
                                       "const token = args.token2; f({password: form.password2})",
                                       "const apiKey = `${env.key}`;",
                                       "f({\n  user: form.user,\n  password: form.password,\n  token: form.token\n})",
                                       "user: x\npassword: password\ntoken: true",
                                       "if (token == other || password === form.password) f(\"password\", \"abc\")",
                                       R"({"required": ["password", "email2x"], "order": ["token", "b"]})",
                                       R"({"name": "password", "content": "Forgot it?"})",
                                       R"({"password": "{{form.password}}", "token": ""})",
                                       "<password></password><token/><secret>{{x}}</secret>",
                                       "<label for=password>Password</label>",
                                       "https://h.example/?token={{form.token}}&next=%2Fpassword%3A%20here",
                                       "password=********&token=$TOKEN",
                                       "signature: sig=abc"}) {
    EXPECT_EQ(with_named_secrets_starred(text), text);
    const std::string source = "{\"a\": " + quoted(text) + "}";
    EXPECT_EQ(with_secret_members_starred(source), source);
  }
}

TEST(SecretTexts, MayLookLikeVariablesInMessagesAlone) {
  for (const std::string& text :
       Texts{"f({token: token2})", "f({\n  passcode: getPasscode2(),\n  user: form.user\n})"}) {
    const std::string source = "{\"a\": " + quoted(text) + "}";
    EXPECT_EQ(with_secret_members_starred(source), source);
    EXPECT_NE(with_named_secrets_starred(text), text);
  }
}

TEST(SecretTexts, AreMaskedInPlace) {
  EXPECT_EQ(with_secret_members_starred(R"({"a": "[{\"key\":\"X-Api-Key\",\"value\":\"a\u00fcb\"}]"})"),
            R"({"a": "[{\"key\":\"X-Api-Key\",\"value\":\"********\"}]"})");
  EXPECT_EQ(with_named_secrets_starred("p%3Fapi_key%3Da%2Fb%26c"), "p%3Fapi_key%3D*****%26c");
  const std::vector<Literal> secrets = secrets_in_text("a: b, password='x y', token=z");
  ASSERT_EQ(secrets.size(), 2U);
  EXPECT_EQ(secrets[0].begin, 16U);
  EXPECT_EQ(secrets[0].length, 3U);
}

TEST(SecretTexts, HaveNames) {
  for (const std::string name : {"connectionString", "totpSeed", "pin", "sas", "sasToken", "licenseKey",
                                 "Ocp-Apim-Subscription-Key", "passwordHash"}) {
    EXPECT_TRUE(names_secret(name)) << name;
  }
  for (const std::string name : {"sig", "spin", "pinned", "pinCode", "seed", "connection", "X-Hub-Signature"}) {
    EXPECT_FALSE(names_secret(name)) << name;
  }
  EXPECT_TRUE(names_secret_parameter("sig"));
}

TEST(SecretTexts, AreFoundInLinearTime) {
  for (const std::string piece : {"token:",
                                  "token: ",
                                  "\"token: ",
                                  "token=",
                                  "token='{{",
                                  "token=`${",
                                  "a: b\ntoken: c\n",
                                  "<token>",
                                  "<token ",
                                  "<token><![CDATA[",
                                  "[[\"token\",",
                                  "{\"token\":",
                                  "%3Dtoken%253D",
                                  "\\\\",
                                  "\\\"",
                                  ":",
                                  "X-Api-Key: Bearer ",
                                  "'Cookie: a=",
                                  "[{\"key\":\"token\",\"value\":",
                                  "\ntoken: Bearer a ",
                                  "token:::==",
                                  "\"Authorization:"}) {
    std::string text;
    while (text.size() < 500'000) text += piece;
    const auto started = std::chrono::steady_clock::now();
    secrets_in_text(text);
    secrets_in_string(text);
    secret_literals(text);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(10)) << piece;
  }
}

}  // namespace
}  // namespace flowship::flow
