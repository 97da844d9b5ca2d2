#include "api/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace flowship::api {

namespace {

using std::chrono::milliseconds;

std::string seconds_text(milliseconds time) { return std::to_string((time.count() + 999) / 1000) + " s"; }

/// Doubles from the first pause on, up to the longest; jitter takes up to half of it away.
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
  return status == 408 || status == 502 || status == 504 || (status >= 520 && status <= 524);
}

bool counts(const Attempt& attempt) { return attempt.status != 429 || !attempt.retry_after; }

RetryDecision decide(const Attempt& attempt, const Tries& tries, double jitter, Time now, const RetryLimits& limits) {
  if (attempt.status ? !is_retried(*attempt.status) : attempt.lasting) return {};
  if (tries.counted >= limits.most_attempts) {
    return {.reason = "given up after " + std::to_string(tries.counted) + " tries"};
  }
  const std::optional<milliseconds> asked =
      attempt.retry_after ? parse_retry_after(*attempt.retry_after, now) : std::nullopt;
  if (asked) {
    if (tries.waited + *asked > limits.longest_wait) {
      return {.reason = "the service asks to wait " + seconds_text(*asked) + ", more than the " +
                        seconds_text(limits.longest_wait) + " that are allowed in all"};
    }
    return {.again = true, .pause = *asked, .for_everyone = true, .reason = {}};
  }
  const milliseconds pause = backoff(std::max(tries.counted, 1), jitter, limits);
  return {.again = true, .pause = pause, .for_everyone = attempt.status == 429, .reason = {}};
}

std::optional<milliseconds> parse_retry_after(std::string_view text, Time now) {
  long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size()) {
    constexpr long kYear = 366L * 24 * 3600;
    if (seconds < 0) return std::nullopt;
    return std::chrono::seconds(std::min(seconds, kYear));
  }
  // An HTTP date names days and months in English whatever the locale, so strptime would not do.
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::tm parts{};
  std::array<char, 4> month{};
  const std::string copy(text.substr(0, 64));
  if (std::sscanf(copy.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &parts.tm_mday, month.data(), &parts.tm_year,
                  &parts.tm_hour, &parts.tm_min, &parts.tm_sec) != 6) {
    return std::nullopt;
  }
  const std::size_t at = kMonths.find(month.data());
  if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  parts.tm_mon = static_cast<int>(at / 3);
  parts.tm_year -= 1900;
  const Time date = std::chrono::system_clock::from_time_t(timegm(&parts));
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(date - now));
}

}  // namespace flowship::api
