#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::api {

/// How one attempt at a request ended, when it did not succeed.
struct Attempt {
  /// The status of the answer; nothing when there was none.
  std::optional<int> status;
  /// How long the service asks to wait; nothing when it does not say, or says so in no form that is known.
  std::optional<std::chrono::milliseconds> asked;
  /// Without an answer: whether trying again cannot help.
  bool lasting = false;
};

/// What one request has been through so far, the last attempt included.
struct Tries {
  /// Attempts that count against `RetryLimits::most_attempts`.
  int counted = 0;
  /// How long it has waited because the service asked for it.
  std::chrono::milliseconds waited{0};
};

struct RetryLimits {
  int most_attempts = 5;
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds longest_pause{30'000};
  /// How long one request waits in all because the service asked for it.
  std::chrono::milliseconds longest_wait{300'000};
};

struct RetryDecision {
  bool again = false;
  /// How long to pause before.
  std::chrono::milliseconds pause{0};
  /// The service asked for the pause, so everyone waits, and it counts as waited.
  bool for_everyone = false;
  /// Why not, where another try would have been right but for a limit.
  std::string reason;
};

/// Whether a status is worth another try: 408, 425, 429, 500, 502, 503, 504, 520 to 524, 530.
bool is_retried(int status);

/// Whether a request that was answered so may have had its effect all the same: a gateway answered in the service's
/// place.
bool is_unsure(int status);

/// Whether an attempt counts: a 429 that asks for some time does not, it is waited out as often as it comes.
bool counts(const Attempt& attempt);

/// What to do after `attempt`. `jitter` in [0, 1) spreads the pauses.
RetryDecision decide(const Attempt& attempt, const Tries& tries, double jitter, const RetryLimits& limits);

/// A `Retry-After` field, seconds or an HTTP date in any of its three forms (RFC 9110), as a pause from `now`, at most
/// a year; nothing when it is neither, or no time is left to wait.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, Time now);

}  // namespace flowship::api
