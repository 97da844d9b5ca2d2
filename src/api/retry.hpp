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
  /// The total wait that the service asked for; after a 429, how long it has refused every request.
  std::chrono::milliseconds waited{0};
};

struct RetryLimits {
  int most_attempts = 5;
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds longest_pause{30'000};
  /// The longest total wait of one request that the service asks for, or for the end of a rate limit.
  std::chrono::milliseconds longest_wait{300'000};
};

struct RetryDecision {
  bool again = false;
  /// How long to wait before; after a 429 the address's rate budget decides that.
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

/// Whether an attempt counts. A 429 does not: it is waited out however often it comes.
bool counts(const Attempt& attempt);

/// What to do after `attempt`. `jitter` in [0, 1) spreads the pauses.
RetryDecision decide(const Attempt& attempt, const Tries& tries, double jitter, const RetryLimits& limits);

/// What is told of a pause: "rate limited, retrying in 42 s (2/5)". `number` is the pause's since a request was let
/// through; the total is how many fit into the longest wait.
std::string describe_rate_pause(std::chrono::milliseconds pause, int number, const Attempt& attempt, const Tries& tries,
                                const RetryLimits& limits);

/// The same after another failure: "the service answered 503, retrying in 2 s (1/5)".
std::string describe_pause(const std::string& failure, std::chrono::milliseconds pause, const Tries& tries,
                           const RetryLimits& limits);

/// The pause after a pause for a rate limit that the service says nothing about: it doubles from 1 s up to 60 s.
std::chrono::milliseconds next_rate_pause(std::chrono::milliseconds pause);

/// A `Retry-After` header, seconds or an HTTP date (RFC 9110), as a pause from `now` of at most a year; nothing if it
/// is neither or no time is left to wait.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, Time now);

}  // namespace flowship::api
