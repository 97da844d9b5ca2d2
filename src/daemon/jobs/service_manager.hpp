#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::daemon {

/// Notifies systemd of the daemon's state, for `Type=notify` and `WatchdogSec=`. Does nothing without `NOTIFY_SOCKET`.
class ServiceManager {
 public:
  /// Reads NOTIFY_SOCKET and WATCHDOG_USEC, and removes them from the environment so that no child notifies.
  ServiceManager();

  void ready(std::string_view status) const;
  void reloading() const;
  void stopping() const;
  /// Feeds the watchdog, at most once per `interval`.
  void alive(Ticks now);
  /// The longest time between two calls of `alive`; nothing without a watchdog.
  std::optional<std::chrono::milliseconds> interval() const { return interval_; }

 private:
  /// `flags` as for sendto(2). A message is dropped if the service manager doesn't read it within a second.
  void send(const std::string& text, int flags = 0) const;

  std::string socket_;
  std::optional<std::chrono::milliseconds> interval_;
  Ticks last_{};
};

}  // namespace flowship::daemon
