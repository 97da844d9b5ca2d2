#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace flowship::daemon {

/// The newest `most` accepted webhook deliveries, to recognise repeated ones. Kept in memory only, since every start
/// fetches all repositories anyway. Thread-safe.
class Deliveries {
 public:
  explicit Deliveries(std::size_t most = 10'000) : most_(most) {}

  /// Remembers a delivery to a repository by its id; false if it is known already.
  bool remember(std::string_view repository, std::string_view id);

 private:
  std::size_t most_;
  std::mutex mutex_;
  /// Digests, since ids may have any length.
  std::unordered_set<std::string> known_;
  std::deque<std::string> order_;
};

}  // namespace flowship::daemon
