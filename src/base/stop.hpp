#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace flowship {

/// Says to everyone who holds it that no new work is to start. Thread-safe; set once, never cleared.
class StopSignal {
 public:
  /// `signal` is the signal's number (SIGINT, SIGTERM), or 0 when something else asked.
  void request(int signal = 0);
  bool requested() const;
  int signal() const;
  /// Waits until `deadline` or until a stop is requested; true when the whole time has passed.
  bool sleep_until(std::chrono::steady_clock::time_point deadline) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool requested_ = false;
  int signal_ = 0;
};

}  // namespace flowship
