#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::api {

/// How one attempt at a request ended.
struct Attempt {
  /// The status of the answer; nothing when there was none.
  std::optional<int> status;
  /// The `Retry-After` field as it came.
  std::optional<std::string> retry_after;
  /// Without an answer: whether trying again cannot help.
  bool lasting = false;
};

struct RetryLimits {
  int most_attempts = 5;
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds longest_pause{30'000};
  /// The longest `Retry-After` that is obeyed; a longer one ends the tries.
  std::chrono::milliseconds longest_wait{300'000};
};

struct RetryDecision {
  bool again = false;
  /// How long to pause before.
  std::chrono::milliseconds pause{0};
  /// The service asked for the pause, so everyone waits.
  bool for_everyone = false;
  /// Why not, where trying again would have been right but for a limit.
  std::string reason;
};

/// Whether a status is worth another try: 408, 425, 429, 500, 502, 503, 504, 520 to 524, 530.
bool is_retried(int status);

/// What to do after attempt number `number` (from 1) ended so. `jitter` in [0, 1) spreads the pauses; `now` reads a
/// `Retry-After` that is a date. A 429 does not count as a failed attempt: it is waited out as often as it comes.
RetryDecision decide(const Attempt& attempt, int number, double jitter, Time now, const RetryLimits& limits);

/// Seconds or an HTTP date as a pause from `now`; nothing when it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, Time now);

}  // namespace flowship::api
