#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::api {

/// A failed attempt at a request.
struct Attempt {
  /// The HTTP status; nothing without a response.
  std::optional<int> status;
  /// How long the service asks to wait; nothing if it does not, or not in a known form.
  std::optional<std::chrono::milliseconds> asked;
  /// Without a response: whether retrying is pointless.
  bool lasting = false;
};

/// The attempts at one request so far, including the last one.
struct Tries {
  /// Attempts that count against `RetryLimits::most_attempts`.
  int counted = 0;
  /// The total wait that the service asked for.
  std::chrono::milliseconds waited{0};
};

struct RetryLimits {
  int most_attempts = 5;
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds longest_pause{30'000};
  /// The longest total wait of one request that the service asks for.
  std::chrono::milliseconds longest_wait{300'000};
};

struct RetryDecision {
  bool again = false;
  /// How long to wait before.
  std::chrono::milliseconds pause{0};
  /// The service asked for the pause, so all requests wait, and it counts towards `longest_wait`.
  bool for_everyone = false;
  /// Why not, if a limit prevents another attempt.
  std::string reason;
};

/// Whether a status is worth a retry: 408, 425, 429, 500, 502, 503, 504, 520 to 524, 530.
bool is_retried(int status);

/// Whether a request with this status may have had its effect all the same: a gateway responded instead of the service.
bool is_unsure(int status);

/// Whether an attempt counts. A 429 with a wait does not: it is waited out however often it comes.
bool counts(const Attempt& attempt);

/// What to do after `attempt`. `jitter` in [0, 1) spreads the pauses.
RetryDecision decide(const Attempt& attempt, const Tries& tries, double jitter, const RetryLimits& limits);

/// A `Retry-After` header, seconds or an HTTP date (RFC 9110), as a pause from `now` of at most a year; nothing if it
/// is neither or no time is left to wait.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, Time now);

}  // namespace flowship::api
