#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace flowship::daemon {

/// Upper bounds of the histogram buckets, in seconds; one more bucket follows the last.
inline constexpr std::array<double, 12> kDurationBounds{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600};

/// A histogram of durations.
class Durations {
 public:
  void add(double seconds) {
    std::size_t at = 0;
    while (at < kDurationBounds.size() && seconds > kDurationBounds[at]) ++at;
    ++counts_[at];
    ++count_;
    sum_ += seconds;
  }

  void add(const Durations& others) {
    for (std::size_t at = 0; at < counts_.size(); ++at) counts_[at] += others.counts_[at];
    count_ += others.count_;
    sum_ += others.sum_;
  }

  /// The count of each bucket, not cumulative; the last has no upper bound.
  const std::array<std::uint64_t, kDurationBounds.size() + 1>& counts() const { return counts_; }
  std::uint64_t count() const { return count_; }
  double sum() const { return sum_; }

 private:
  std::array<std::uint64_t, kDurationBounds.size() + 1> counts_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

}  // namespace flowship::daemon
