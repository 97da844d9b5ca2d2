#include "base/stop.hpp"

namespace flowship {

void StopSignal::request(int signal) {
  {
    const std::lock_guard lock(mutex_);
    if (requested_) return;
    requested_ = true;
    signal_ = signal;
  }
  changed_.notify_all();
}

bool StopSignal::requested() const {
  const std::lock_guard lock(mutex_);
  return requested_;
}

int StopSignal::signal() const {
  const std::lock_guard lock(mutex_);
  return signal_;
}

bool StopSignal::sleep_until(std::chrono::steady_clock::time_point deadline) const {
  std::unique_lock lock(mutex_);
  return !changed_.wait_until(lock, deadline, [this] { return requested_; });
}

}  // namespace flowship
