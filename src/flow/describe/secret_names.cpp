#include "flow/describe/secret_names.hpp"

#include <algorithm>
#include <string>

namespace flowship::flow {

namespace {

/// Endings of names of secrets, lower case and without separators.
constexpr std::string_view kSecretEndings[] = {
    "password",        "passwords",        "passwd",        "passphrase",    "passcode",      "secret",
    "secrets",         "secretkey",        "token",         "apikey",        "apikeys",       "privatekey",
    "accesskey",       "signingkey",       "signaturekey",  "hmackey",       "authkey",       "sharedkey",
    "masterkey",       "servicekey",       "accountkey",    "sessionkey",    "licensekey",    "functionskey",
    "subscriptionkey", "encryptionkey",    "decryptionkey", "managementkey", "authorization", "credential",
    "credentials",     "connectionstring", "cookie",        "totpseed",      "otpseed",       "seedphrase",
};
/// Whole names.
constexpr std::string_view kSecretNames[] = {"auth", "bearer", "jwt", "pass", "pwd", "pat", "pin", "sas"};
/// What a name may have behind that.
constexpr std::string_view kTails[] = {"value", "header", "text", "string", "pem", "base64", "hash"};

bool is_known(std::string_view folded) {
  while (!folded.empty() && folded.back() >= '0' && folded.back() <= '9') folded.remove_suffix(1);
  return std::find(std::begin(kSecretNames), std::end(kSecretNames), folded) != std::end(kSecretNames) ||
         std::any_of(std::begin(kSecretEndings), std::end(kSecretEndings),
                     [&](std::string_view ending) { return folded.ends_with(ending); });
}

bool is_in_variable(char letter) { return (letter >= 'A' && letter <= 'Z') || letter == '_'; }

}  // namespace

bool names_secret(std::string_view name) {
  constexpr std::size_t kLongestName = 100;
  if (name.size() > kLongestName) return false;
  std::string folded;
  for (const char letter : name) {
    if (letter >= 'A' && letter <= 'Z') folded += static_cast<char>(letter - 'A' + 'a');
    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) folded += letter;
  }
  if (is_known(folded)) return true;
  for (const std::string_view tail : kTails) {
    if (folded.size() > tail.size() && folded.ends_with(tail)) folded.resize(folded.size() - tail.size());
  }
  return is_known(folded);
}

bool names_secret_parameter(std::string_view name) { return name == "sig" || names_secret(name); }

bool is_template(std::string_view text) {
  return text.size() > 4 && text.starts_with("{{") && text.ends_with("}}") && text.find("}}") == text.size() - 2;
}

bool is_placeholder(std::string_view value) {
  if (value.starts_with("{{") || value.starts_with("${") || value.starts_with("$(") || value.starts_with("<")) {
    return true;
  }
  if (value.size() > 1 && value.front() == '$' && is_in_variable(value[1])) return true;
  return value.find_first_not_of('*') == std::string_view::npos;
}

}  // namespace flowship::flow
