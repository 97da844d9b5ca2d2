#include "api/retry.hpp"

#include "api/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace flowship::api {

namespace {

using std::chrono::milliseconds;

std::string seconds_text(milliseconds time) { return std::to_string((time.count() + 999) / 1000) + " s"; }

/// Doubles with each failure, up to the longest pause; jitter removes up to half of it.
milliseconds backoff(int failed, double jitter, const RetryLimits& limits) {
  milliseconds pause = limits.first_pause;
  for (int doubled = 1; doubled < failed && pause < limits.longest_pause; ++doubled) pause *= 2;
  pause = std::min(pause, limits.longest_pause);
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(pause.count()) * (1.0 - jitter / 2)));
}

}  // namespace

bool is_retried(int status) {
  constexpr std::array kRetried{408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530};
  return std::find(kRetried.begin(), kRetried.end(), status) != kRetried.end();
}

bool is_unsure(int status) {
  return (status > 200 && status < 300) || status == 408 || status == 502 || status == 504 ||
         (status >= 520 && status <= 524);
}

bool counts(const Attempt& attempt) { return attempt.status != 429; }

RetryDecision decide(const Attempt& attempt, const Tries& tries, double jitter, const RetryLimits& limits) {
  if (attempt.status ? !is_retried(*attempt.status) : attempt.lasting) return {};
  if (attempt.status == 429 && !attempt.asked) {
    if (tries.waited < limits.longest_wait) return {.again = true, .reason = {}};
    return {.reason = "gave up after " + seconds_text(limits.longest_wait)};
  }
  if (attempt.status != 429 && tries.counted >= limits.most_attempts) {
    return {.reason = "gave up after " + std::to_string(tries.counted) + " attempts"};
  }
  if (attempt.asked) {
    if (tries.waited + *attempt.asked > limits.longest_wait) {
      return {.reason = "the service asks to wait " + seconds_text(*attempt.asked) + ", more than the " +
                        seconds_text(limits.longest_wait) + " allowed in total"};
    }
    return {.again = true, .pause = *attempt.asked, .for_everyone = true, .reason = {}};
  }
  const milliseconds pause = backoff(std::max(tries.counted, 1), jitter, limits);
  return {.again = true, .pause = pause, .reason = {}};
}

milliseconds next_rate_pause(milliseconds pause) {
  constexpr milliseconds kFirst{1'000};
  constexpr milliseconds kLongest{60'000};
  return std::clamp(2 * pause, kFirst, kLongest);
}

std::string describe_rate_pause(milliseconds pause, int number, const Attempt& attempt, const Tries& tries,
                                const RetryLimits& limits) {
  int total = number;
  milliseconds next = pause;
  for (milliseconds waited = tries.waited + pause; waited < limits.longest_wait; waited += next) {
    if (!attempt.asked) next = next_rate_pause(next);
    if (attempt.asked && waited + next > limits.longest_wait) break;
    ++total;
  }
  return "rate limited, retrying in " + seconds_text(pause) + " (" + std::to_string(number) + "/" +
         std::to_string(total) + ")";
}

std::string describe_pause(const std::string& failure, milliseconds pause, const Tries& tries,
                           const RetryLimits& limits) {
  return failure + ", retrying in " + seconds_text(pause) + " (" + std::to_string(tries.counted) + "/" +
         std::to_string(limits.most_attempts) + ")";
}

std::optional<milliseconds> parse_retry_after(std::string_view text, Time now) {
  constexpr std::chrono::seconds kYear{366L * 24 * 3600};
  std::optional<milliseconds> pause;
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {
    long seconds = kYear.count();  // Also when it is too large a number.
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    pause = std::chrono::seconds(seconds);
  } else if (const std::optional<Time> date = parse_http_date(text, now)) {
    pause = std::chrono::ceil<milliseconds>(*date - now);
  }
  if (!pause || pause->count() <= 0) return std::nullopt;
  return std::min<milliseconds>(*pause, kYear);
}

}  // namespace flowship::api
