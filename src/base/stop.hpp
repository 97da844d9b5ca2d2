#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace flowship {

/// Tells everyone who shares it to start no new work. Thread-safe; set once, never cleared.
class StopSignal {
 public:
  /// `signal` is SIGINT or SIGTERM, or 0 for any other reason.
  void request(int signal = 0);
  bool requested() const;
  int signal() const;
  /// Waits until `deadline` or until a stop is requested; true if the deadline was reached.
  bool sleep_until(std::chrono::steady_clock::time_point deadline) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool requested_ = false;
  int signal_ = 0;
};

}  // namespace flowship
