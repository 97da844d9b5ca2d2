#include "flow/graph/task_keys.hpp"

#include "base/text/glob.hpp"

#include <string>

namespace flowship::flow {

namespace {

struct FactorPattern {
  std::string_view kind;
  /// A glob for actions, whatever their version.
  const char* action;
};

struct FactorKind {
  std::string_view name;
  std::string_view words;
};

constexpr FactorKind kFactors[kFactorKinds] = {{"password", "entering a password"},
                                               {"otp-sms", "verifying a one-time code by SMS"},
                                               {"otp-email", "verifying a one-time code by email"},
                                               {"otp-voice", "verifying a one-time code by phone"},
                                               {"totp", "verifying a code of an authenticator app"},
                                               {"webauthn", "using a passkey"},
                                               {"magic-link", "following a magic link"},
                                               {"enchanted-link", "following an enchanted link"},
                                               {"oauth", "a social login"},
                                               {"sso", "single sign-on"},
                                               {"security-questions", "answering security questions"},
                                               {"recovery-code", "entering a recovery code"}};

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

std::string_view factor_kind(std::size_t index) { return kFactors[index].name; }

std::string_view factor_words(std::string_view kind) {
  for (const FactorKind& known : kFactors) {
    if (known.name == kind) return known.words;
  }
  return kind;
}

std::optional<std::size_t> factor_of(std::string_view action) {
  for (const FactorPattern& pattern : kPatterns) {
    if (!matches_glob(pattern.action, std::string(action))) continue;
    for (std::size_t index = 0; index < kFactorKinds; ++index) {
      if (kFactors[index].name == pattern.kind) return index;
    }
  }
  return std::nullopt;
}

}  // namespace flowship::flow
