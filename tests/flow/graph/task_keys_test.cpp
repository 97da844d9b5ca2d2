#include "flow/graph/task_keys.hpp"

#include <gtest/gtest.h>

#include <string>

namespace flowship::flow {
namespace {

struct Row {
  const char* action;
  /// Empty: it proves nothing.
  const char* kind;
};

/// The actions that public flows use.
constexpr Row kRows[] = {
    {"connector", ""},
    {"custom-claims", ""},
    {"generate-audit-event", ""},
    {"loadUser", ""},
    {"logged-in", ""},
    {"risk", ""},
    {"scriptlet", ""},
    {"step-up", ""},
    {"update-user-properties", ""},
    {"password-sign-in", "password"},
    {"password-sign-in-v2", "password"},
    {"password-sign-up", "password"},
    {"password-sign-up-v2", "password"},
    {"password-send-reset", ""},
    {"password-update", ""},
    {"password-replace", ""},
    {"sign-in-otp-sms", ""},
    {"sign-up-or-in-otp-email", ""},
    {"update-user-otp-sms", ""},
    {"verify-code-otp-sms", "otp-sms"},
    {"verify-code-otp-sms-v2", "otp-sms"},
    {"verify-code-otp-email", "otp-email"},
    {"verify-code-otp-voice", "otp-voice"},
    {"sign-up-or-in-magic-link-email", ""},
    {"update-user-magic-link-sms", ""},
    {"verify-magic-link", "magic-link"},
    {"verify-enchanted-link", "enchanted-link"},
    {"update-user-totp", ""},
    {"verify-totp-code", "totp"},
    {"webauthn-sign-in-start", ""},
    {"webauthn-sign-in-finish", "webauthn"},
    {"webauthn-sign-up-finish", "webauthn"},
    {"webauthn-sign-up-or-in-finish", "webauthn"},
    {"webauthn-update-user-finish", "webauthn"},
    {"oauth-start", ""},
    {"oauth-start-v2", ""},
    {"exchange-oauth-code", "oauth"},
    {"saml-start", ""},
    {"exchange-saml-code", "sso"},
    {"verify-security-questions", "security-questions"},
    {"verify-recovery-code", "recovery-code"},
    {"nobody-knows-this", ""},
};

class FactorOf : public testing::TestWithParam<Row> {};

TEST_P(FactorOf, IsWhatTheActionProves) {
  const std::optional<std::size_t> factor = factor_of(GetParam().action);
  EXPECT_EQ(factor ? std::string(factor_kind(*factor)) : "", GetParam().kind) << GetParam().action;
}

INSTANTIATE_TEST_SUITE_P(Actions, FactorOf, testing::ValuesIn(kRows));

TEST(Factors, HaveWords) {
  for (std::size_t kind = 0; kind < kFactorKinds; ++kind) {
    EXPECT_NE(factor_words(factor_kind(kind)), factor_kind(kind));
  }
}

}  // namespace
}  // namespace flowship::flow
