#pragma once

#include "base/clock.hpp"

#include <mutex>

namespace flowship::api {

/// Holds back all requests until the latest moment that the service asked for. Thread-safe.
class Pacer {
 public:
  explicit Pacer(const Clock& clock) : clock_(clock), not_before_(clock.ticks()) {}

  void hold_until(Ticks moment);
  /// Waits until requests may be sent; false if a stop was requested first.
  bool wait(const StopSignal& stop) const;

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  Ticks not_before_;
};

}  // namespace flowship::api
