#include "flow/graph/task_keys.hpp"

#include <Poco/Glob.h>

#include <string>

namespace flowship::flow {

namespace {

struct FactorPattern {
  std::string_view kind;
  /// A glob for actions, whatever their version.
  const char* action;
};

constexpr std::string_view kKinds[kFactorKinds] = {"password", "otp-sms",  "otp-email",          "otp-voice",
                                                   "totp",     "webauthn", "magic-link",         "enchanted-link",
                                                   "oauth",    "sso",      "security-questions", "recovery-code"};

constexpr FactorPattern kPatterns[] = {
    {"password", "password-sign-in*"},
    {"password", "password-sign-up*"},
    {"otp-sms", "verify-code-otp-sms*"},
    {"otp-email", "verify-code-otp-email*"},
    {"otp-voice", "verify-code-otp-voice*"},
    {"totp", "verify-totp*"},
    {"webauthn", "webauthn-*finish*"},
    {"magic-link", "verify-magic-link*"},
    {"enchanted-link", "verify-enchanted-link*"},
    {"oauth", "exchange-oauth-code*"},
    {"sso", "exchange-saml-code*"},
    {"sso", "exchange-sso-code*"},
    {"sso", "exchange-oidc-code*"},
    {"security-questions", "verify-security-questions*"},
    {"recovery-code", "verify-recovery-code*"},
};

}  // namespace

std::string_view factor_kind(std::size_t index) { return kKinds[index]; }

std::optional<std::size_t> factor_of(std::string_view action) {
  for (const FactorPattern& pattern : kPatterns) {
    if (!Poco::Glob(pattern.action).match(std::string(action))) continue;
    for (std::size_t index = 0; index < kFactorKinds; ++index) {
      if (kKinds[index] == pattern.kind) return index;
    }
  }
  return std::nullopt;
}

}  // namespace flowship::flow
