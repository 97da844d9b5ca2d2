#include "check/rules/secrets.hpp"

#include <gtest/gtest.h>

namespace flowship::check {
namespace {

const std::string kLetters =
    "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kL9nP2rS5uV8xY1zA4cX7vB2nM5qW8eR1tY4uI7oP0aS3dF6gH9jK2lZ5x";

std::string letters(std::size_t count) {
  std::string text;
  while (text.size() < count) text += kLetters;
  return text.substr(0, count);
}

std::string hex(std::size_t count) {
  std::string text;
  while (text.size() < count) text += "0a1b2c3d4e5f6789";
  return text.substr(0, count);
}

std::string upper(std::size_t count) {
  std::string text;
  while (text.size() < count) text += "A1B2C3D4E5F6G7H8J9K0";
  return text.substr(0, count);
}

/// A prefix in two pieces, so that scanners find no token in this repository, and what follows it. A bad sample is one
/// letter too short.
struct Token {
  std::string begin;
  std::string end;
  std::string rest;
};

const Token kTokens[] = {
    {"gh", "p_", letters(36)},
    {"gh", "o_", letters(36)},
    {"gh", "u_", letters(36)},
    {"gh", "s_", letters(36)},
    {"gh", "r_", letters(36)},
    {"github", "_pat_", letters(50)},
    {"gl", "pat-", letters(20)},
    {"gl", "ptt-", letters(20)},
    {"gl", "dt-", letters(20)},
    {"gl", "rt-", letters(20)},
    {"gl", "rtr-", letters(20)},
    {"GR13", "48941", letters(20)},
    {"gl", "cbt-", letters(20)},
    {"gl", "ft-", letters(20)},
    {"gl", "imt-", letters(20)},
    {"gl", "agent-", letters(20)},
    {"gl", "soat-", letters(20)},
    {"gl", "oas-", letters(20)},
    {"gl", "ffct-", letters(20)},
    {"xo", "xb-", letters(20)},
    {"xo", "xp-", letters(20)},
    {"xo", "xa-", letters(20)},
    {"xo", "xr-", letters(20)},
    {"xo", "xs-", letters(20)},
    {"xo", "xc-", letters(20)},
    {"xo", "xd-", letters(20)},
    {"xo", "xo-", letters(20)},
    {"xo", "xe-", letters(20)},
    {"xa", "pp-", letters(20)},
    {"AK", "IA", upper(16)},
    {"AB", "IA", upper(16)},
    {"AS", "IA", upper(16)},
    {"AI", "za", letters(35)},
    {"ya", "29.", letters(20)},
    {"GOC", "SPX-", letters(28)},
    {"sk_", "live_", letters(16)},
    {"sk_", "test_", letters(16)},
    {"rk_", "live_", letters(16)},
    {"rk_", "test_", letters(16)},
    {"wh", "sec_", letters(24)},
    {"h", "f_", letters(34)},
    {"sk", "-", letters(40)},
    {"sk-", "proj-", letters(40)},
    {"sk-", "svcacct-", letters(40)},
    {"sk-", "admin-", letters(40)},
    {"sk-", "ant-", letters(40)},
    {"py", "pi-", letters(50)},
    {"np", "m_", letters(36)},
    {"ruby", "gems_", hex(48)},
    {"dckr", "_pat_", letters(27)},
    {"dckr", "_oat_", letters(27)},
    {"shp", "at_", hex(32)},
    {"shp", "ca_", hex(32)},
    {"shp", "pa_", hex(32)},
    {"shp", "ss_", hex(32)},
    {"dop", "_v1_", hex(64)},
    {"doo", "_v1_", hex(64)},
    {"dor", "_v1_", hex(64)},
    {"HR", "KU-", letters(30)},
    {"da", "pi", hex(32)},
    {"NR", "AK-", upper(27)},
    {"NR", "II-", letters(32)},
    {"NR", "RA-", hex(42)},
    {"gl", "c_", letters(32)},
    {"gl", "sa_", letters(41)},
    {"eyJr", "Ijoi", letters(60)},
    {"hv", "s.", letters(24)},
    {"hv", "b.", letters(24)},
    {"hv", "r.", letters(24)},
    {"lin_", "api_", letters(40)},
    {"lin_", "oauth_", hex(64)},
    {"nt", "n_", letters(40)},
    {"sec", "ret_", letters(43)},
    {"fi", "gd_", letters(40)},
    {"PM", "AK-", letters(59)},
    {"pu", "l-", hex(40)},
    {"pscale", "_tkn_", letters(32)},
    {"pscale", "_oauth_", letters(32)},
    {"pscale", "_pw_", letters(32)},
    {"dp", ".pt.", letters(40)},
    {"dp", ".st.", letters(40)},
    {"dp", ".ct.", letters(40)},
    {"dp", ".sa.", letters(40)},
    {"dp", ".scim.", letters(40)},
    {"dp", ".audit.", letters(40)},
    {"ATA", "TT3", letters(60)},
    {"ATC", "TT3", letters(60)},
    {"AT", "BB", letters(32)},
    {"sq0", "atp-", letters(22)},
    {"sq0", "csp-", letters(43)},
    {"EA", "AAE", letters(59)},
    {"S", "K", hex(32)},
    {"xkey", "sib-", letters(64)},
    {"xsmtp", "sib-", letters(64)},
    {"ke", "y-", hex(32)},
    {"mf", "a.", letters(80)},
    {"AGE-", "SECRET-KEY-1", upper(58)},
    {"ops", "_eyJ", letters(100)},
    {"A", "3-", upper(32)},
    {"sb", "p_", hex(40)},
    {"sb_", "secret_", letters(30)},
    {"cf", "ut_", letters(40)},
    {"cf", "at_", letters(40)},
    {"cf", "k_", letters(40)},
    {"v1", ".0-", letters(171)},
    {"fm", "1r_", letters(60)},
    {"fm", "1a_", letters(60)},
    {"fm", "2_", letters(60)},
    {"fo", "1_", letters(43)},
};

TEST(ProviderTokens, AreFound) {
  for (const auto& [begin, end, rest] : kTokens) {
    const std::string token = begin + end + rest;
    const auto secret = find_secret("key: " + token + ", or not");
    ASSERT_TRUE(secret) << begin << " " << end;
    EXPECT_EQ(secret->rule, "provider-token") << begin << " " << end;
    EXPECT_EQ(secret->begin, 5U) << begin << " " << end;
    EXPECT_EQ(secret->length, token.size()) << begin << " " << end;
    EXPECT_FALSE(find_secret("key: " + token.substr(0, token.size() - 1) + ", or not")) << begin << " " << end;
    EXPECT_FALSE(find_secret("x" + token)) << begin << " " << end << ": inside a word";
  }
}

TEST(ProviderTokens, AreFoundByWhatIsInsideThem) {
  const std::string bot = "M" + letters(25) + "." + letters(6) + "." + letters(30);
  for (const std::string& token :
       {letters(14) + ".atlas" + "v1." + letters(65), "abC8" + std::string("Q") + "~" + letters(32),
        std::string("Account") + "Key=" + letters(86) + "==", bot,
        std::string("https://hooks.sl") + "ack.com/services/T0123ABCD/B0123ABCD/" + letters(24),
        std::string("https://dis") + "cord.com/api/webhooks/123456789012345678/" + letters(68)}) {
    const auto secret = find_secret("\"" + token + "\"");
    ASSERT_TRUE(secret) << token;
    EXPECT_EQ(secret->rule, "provider-token");
    EXPECT_EQ(secret->begin + secret->length, token.size() + 1) << token;
  }
  for (const std::string text : {"app.atlasv1.com", "Who asks Q~ gets A~", "AccountKey=secret",
                                 "https://hooks.slack.com/services/", "https://discord.com/api/webhooks/1/x"}) {
    EXPECT_FALSE(find_secret(text)) << text;
  }
}

TEST(ProviderTokens, AreNoDocumentedExamples) {
  for (const std::string& text :
       {std::string("AK") + "IAIOSFODNN7EXAMPLE", std::string("AK") + "IAI44QH8DHBEXAMPLE",
        std::string("sk_") + "test_4eC39HqLyjWDarjtT1zdp7dc", std::string("gh") + "p_" + std::string(36, 'x'),
        std::string("AI") + "zaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe"}) {
    EXPECT_FALSE(find_secret(text)) << text;
  }
}

TEST(ProviderTokens, AreNoProse) {
  for (const std::string text :
       {"K2IsTheSecondHighestMountainOnEarthAndHardToClimb", "hf_thisIsTheNameOfSomeSettingInCamelCase",
        "hf_THEQuickBrownFoxJumpsOverTheLazyDogAgain"}) {
    EXPECT_FALSE(find_secret(text)) << text;
  }
}

TEST(ProviderTokens, AreNoPartsOfLongerBase64) {
  for (const std::string separator : {"/", "+", "-", "_"}) {
    for (const std::string& token : {"AK" + ("IA" + upper(16)), "h" + ("f_" + letters(34)), "sk" + ("-" + letters(40)),
                                     "K" + ("2" + letters(27))}) {
      EXPECT_FALSE(find_secret(letters(40) + separator + token)) << separator << token.substr(0, 4);
    }
  }
}

}  // namespace
}  // namespace flowship::check
