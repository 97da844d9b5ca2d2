#include "daemon/http/signature.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

net::Request request(std::string body, const net::Headers& headers = {}) {
  return {.method = "POST", .target = "/", .headers = headers, .body = std::move(body)};
}

net::Request with(std::string body, const char* field, const std::string& value) {
  net::Headers headers;
  headers.add(field, value);
  return request(std::move(body), headers);
}

// The example of GitHub's page on validating deliveries.
const Secret kGitHubs("It's a Secret to Everybody");
const std::string kBody = "Hello, World!";
const std::string kDigits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

TEST(Signature, MatchesGitHubsExample) {
  EXPECT_EQ(hex_signature(kBody, kGitHubs), kDigits);
  EXPECT_TRUE(has_hex_signature(with(kBody, "X-S", "sha256=" + kDigits), "X-S", "sha256=", kGitHubs));
  EXPECT_TRUE(has_hex_signature(with(kBody, "x-s", kDigits), "X-S", "", kGitHubs));
}

TEST(Signature, RejectsAnotherBodySecretHeaderOrForm) {
  const auto fits = [](const net::Request& request) { return has_hex_signature(request, "X-S", "sha256=", kGitHubs); };
  EXPECT_FALSE(fits(with(kBody + " ", "X-S", "sha256=" + kDigits)));
  EXPECT_FALSE(fits(with(kBody, "X-T", "sha256=" + kDigits)));
  EXPECT_FALSE(fits(request(kBody)));
  for (const std::string& wrong :
       {std::string(), std::string("sha256="), kDigits, "sha1=" + kDigits, "sha256=" + kDigits + "0",
        "sha256=" + kDigits.substr(1), "SHA256=" + kDigits, "sha256=" + std::string(64, '0')}) {
    EXPECT_FALSE(fits(with(kBody, "X-S", wrong))) << wrong;
  }
  EXPECT_FALSE(has_hex_signature(with(kBody, "X-S", kDigits), "X-S", "", Secret("another")));
}

TEST(Signature, RejectsAnEmptySecret) {
  const std::string signature = hex_signature(kBody, Secret());
  EXPECT_FALSE(has_hex_signature(with(kBody, "X-S", signature), "X-S", "", Secret()));
  EXPECT_FALSE(has_token(with(kBody, "X-T", ""), "X-T", Secret()));
}

TEST(Signature, TokenIsTheSecretItself) {
  const Secret secret("a-token-of-some-length");
  EXPECT_TRUE(has_token(with(kBody, "X-T", "a-token-of-some-length"), "X-T", secret));
  for (const char* wrong : {"", "a-token-of-some-lengtH", "a-token-of-some-length2", "***"}) {
    EXPECT_FALSE(has_token(with(kBody, "X-T", wrong), "X-T", secret)) << wrong;
  }
  EXPECT_FALSE(has_token(request(kBody), "X-T", secret));
}

// The example of the Standard Webhooks specification.
const Secret kStandard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
const std::string kTest = R"({"test": 2432232314})";
const std::string kSigned = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr Time kThen{std::chrono::seconds(1614265330)};

net::Request standard(const std::string& signature, const std::string& timestamp = "1614265330",
                      const std::string& id = "msg_p5jXN8AQM9LWM0D4loKWxJek") {
  net::Headers headers;
  headers.add("webhook-id", id);
  headers.add("webhook-timestamp", timestamp);
  headers.add("webhook-signature", signature);
  return request(kTest, headers);
}

TEST(StandardWebhooks, AcceptsTheExampleOfTheSpecification) {
  EXPECT_TRUE(has_standard_signature(standard(kSigned), kStandard, kThen));
}

TEST(StandardWebhooks, AcceptsAnyOfSeveralSignatures) {
  EXPECT_TRUE(has_standard_signature(standard("v1,other v2,new " + kSigned), kStandard, kThen));
  EXPECT_TRUE(has_standard_signature(standard(kSigned + " v1,other"), kStandard, kThen));
}

TEST(StandardWebhooks, RejectsUnsignedRequests) {
  for (const std::string& wrong : {std::string(), std::string("v1,"), std::string(" "), kSigned.substr(3),
                                   "v2," + kSigned.substr(3), kSigned + "x", "v1," + std::string(43, 'A') + "="}) {
    EXPECT_FALSE(has_standard_signature(standard(wrong), kStandard, kThen)) << wrong;
  }
  EXPECT_FALSE(has_standard_signature(standard(kSigned, "1614265330", "msg_another"), kStandard, kThen));
  EXPECT_FALSE(has_standard_signature(standard(kSigned, "1614265331"), kStandard, kThen));
  EXPECT_FALSE(has_standard_signature(request(kTest), kStandard, kThen));
  EXPECT_FALSE(has_standard_signature(standard(kSigned), Secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), kThen));
}

TEST(StandardWebhooks, RejectsOldAndFutureRequests) {
  for (const int seconds : {-300, 0, 300}) {
    EXPECT_TRUE(has_standard_signature(standard(kSigned), kStandard, kThen + std::chrono::seconds(seconds)));
  }
  for (const int seconds : {-301, 301, 86'400}) {
    EXPECT_FALSE(has_standard_signature(standard(kSigned), kStandard, kThen + std::chrono::seconds(seconds)));
  }
  for (const char* wrong : {"", "now", "-1614265330", "1614265330.0", " 1614265330", "99999999999999999999"}) {
    EXPECT_FALSE(has_standard_signature(standard(kSigned, wrong), kStandard, kThen)) << wrong;
  }
}

TEST(StandardWebhooks, RecognisesItsTokens) {
  EXPECT_TRUE(is_signing_token(kStandard));
  for (const char* other : {"", "whsec_", "whsec_not base64", "whsec_abc", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
    EXPECT_FALSE(is_signing_token(Secret(other))) << other;
  }
}

}  // namespace
}  // namespace flowship::daemon
