#pragma once

#include <algorithm>
#include <chrono>

namespace flowship::daemon {

/// The longest pause between two attempts.
inline constexpr std::chrono::minutes kLongestPause{15};

/// The pause after `failures` in a row (from 1): `first`, doubling up to `longest`.
inline std::chrono::milliseconds backoff(int failures, std::chrono::milliseconds first,
                                         std::chrono::milliseconds longest = kLongestPause) {
  std::chrono::milliseconds pause = std::min(first, longest);
  for (int failure = 1; failure < failures && pause < longest; ++failure) pause = std::min(pause * 2, longest);
  return pause;
}

}  // namespace flowship::daemon
