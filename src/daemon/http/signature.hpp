#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "net/message.hpp"

#include <chrono>
#include <string>
#include <string_view>

// How a request proves that its sender knows a secret. All of it compares in constant time, and nothing is proved by an
// empty secret or an empty field.

namespace flowship::daemon {

/// The HMAC-SHA-256 of `body` in hexadecimal digits.
std::string hex_signature(std::string_view body, const Secret& secret);

/// Whether the field is `prefix` and the `hex_signature` of the body.
bool has_hex_signature(const net::Request& request, std::string_view field, std::string_view prefix,
                       const Secret& secret);

/// Whether the field is the secret itself.
bool has_token(const net::Request& request, std::string_view field, const Secret& secret);

/// What a secret for Standard Webhooks begins with; base64 follows.
inline constexpr std::string_view kSigningTokenMark = "whsec_";

/// How far from `now` the time of a Standard Webhooks request may be, in the past or in the future.
inline constexpr std::chrono::minutes kTimestampTolerance{5};

/// Whether a secret can be one for Standard Webhooks.
bool is_signing_token(const Secret& secret);

/// Whether the request is signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), and
/// recently; of several signatures one has to fit, so that secrets can be replaced.
bool has_standard_signature(const net::Request& request, const Secret& secret, Time now);

}  // namespace flowship::daemon
