#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "net/message.hpp"

#include <chrono>
#include <string>
#include <string_view>

// Proofs that the sender of a request knows a secret. Compared in constant time; an empty secret or header proves
// nothing.

namespace flowship::daemon {

/// The HMAC-SHA-256 of `body` in hexadecimal digits.
std::string hex_signature(std::string_view body, const Secret& secret);

/// True if the header is `prefix` and the `hex_signature` of the body.
bool has_hex_signature(const net::Request& request, std::string_view field, std::string_view prefix,
                       const Secret& secret);

/// True if the header is the secret itself.
bool has_token(const net::Request& request, std::string_view field, const Secret& secret);

/// Prefix of a secret for Standard Webhooks, followed by base64.
inline constexpr std::string_view kSigningTokenMark = "whsec_";

/// How much the time of a Standard Webhooks request may differ from `now`.
inline constexpr std::chrono::minutes kTimestampTolerance{5};

/// True if a secret is one for Standard Webhooks.
bool is_signing_token(const Secret& secret);

/// True if the request has a recent signature by Standard Webhooks (`webhook-id`, `webhook-timestamp`,
/// `webhook-signature`). One of several signatures has to match, so that secrets can be rotated.
bool has_standard_signature(const net::Request& request, const Secret& secret, Time now);

}  // namespace flowship::daemon
