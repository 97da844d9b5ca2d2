#include "daemon/http/signature.hpp"

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/hmac.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace flowship::daemon {

namespace {

/// The key in a signing token; nothing if it is not one.
std::optional<std::string> key_of(const Secret& secret) {
  const std::string& text = secret.reveal();
  if (!text.starts_with(kSigningTokenMark)) return std::nullopt;
  std::optional<std::string> key = from_base64(std::string_view(text).substr(kSigningTokenMark.size()));
  return key && !key->empty() ? key : std::nullopt;
}

bool is_recent(const std::string& timestamp, Time now) {
  std::int64_t seconds = 0;
  const char* const end = timestamp.data() + timestamp.size();
  const auto [stop, error] = std::from_chars(timestamp.data(), end, seconds);
  if (error != std::errc{} || stop != end || seconds < 0) return false;
  const std::int64_t here = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::int64_t apart = here > seconds ? here - seconds : seconds - here;
  return apart <= std::chrono::seconds(kTimestampTolerance).count();
}

}  // namespace

std::string hex_signature(std::string_view body, const Secret& secret) {
  return hex(hmac_sha256(secret.reveal(), body));
}

bool has_hex_signature(const net::Request& request, std::string_view field, std::string_view prefix,
                       const Secret& secret) {
  const std::optional<std::string> given = request.headers.find(field);
  const std::string expected = std::string(prefix) + hex_signature(request.body, secret);
  return given && !secret.empty() && same_in_constant_time(*given, expected);
}

bool has_token(const net::Request& request, std::string_view field, const Secret& secret) {
  const std::optional<std::string> given = request.headers.find(field);
  // Comparing digests does not reveal the length of the secret.
  return given && !secret.empty() && same_in_constant_time(sha256_hex(*given), sha256_hex(secret.reveal()));
}

bool is_signing_token(const Secret& secret) { return key_of(secret).has_value(); }

bool has_standard_signature(const net::Request& request, const Secret& secret, Time now) {
  const std::optional<std::string> key = key_of(secret);
  const std::optional<std::string> id = request.headers.find("webhook-id");
  const std::optional<std::string> timestamp = request.headers.find("webhook-timestamp");
  const std::optional<std::string> given = request.headers.find("webhook-signature");
  if (!key || !id || id->empty() || !timestamp || !given || !is_recent(*timestamp, now)) return false;
  const std::string expected = "v1," + to_base64(hmac_sha256(*key, *id + '.' + *timestamp + '.' + request.body));
  bool fits = false;
  std::string_view rest = *given;
  while (!rest.empty()) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    fits = same_in_constant_time(rest.substr(0, space), expected) || fits;
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return fits;
}

}  // namespace flowship::daemon
