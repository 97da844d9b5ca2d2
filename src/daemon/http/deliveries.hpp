#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace flowship::daemon {

/// The deliveries that were taken, so that one that comes again is known. Remembers the newest `most`, and nothing past
/// the end of the process: a start looks at every repository anyway. Thread-safe.
class Deliveries {
 public:
  explicit Deliveries(std::size_t most = 10'000) : most_(most) {}

  /// Remembers a delivery to a repository, by its id or what else tells it from others; false when it is known already.
  bool remember(std::string_view repository, std::string_view id);

 private:
  std::size_t most_;
  std::mutex mutex_;
  /// Digests, since an id may be of any length.
  std::unordered_set<std::string> known_;
  std::deque<std::string> order_;
};

}  // namespace flowship::daemon
