#include "api/pacer.hpp"

#include <algorithm>

namespace flowship::api {

void Pacer::hold_until(Ticks moment) {
  const std::lock_guard lock(mutex_);
  not_before_ = std::max(not_before_, moment);
}

bool Pacer::wait(const StopSignal& stop) const {
  while (true) {
    Ticks until;
    {
      const std::lock_guard lock(mutex_);
      until = not_before_;
    }
    if (until <= clock_.ticks()) return !stop.requested();
    if (!clock_.sleep_until(until, stop)) return false;
  }
}

}  // namespace flowship::api
