#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::daemon {

/// Tells systemd how the daemon does, as `Type=notify` and `WatchdogSec=` want it; says nothing where the environment
/// names nobody to tell (`NOTIFY_SOCKET`).
class ServiceManager {
 public:
  /// Reads NOTIFY_SOCKET and WATCHDOG_USEC, and takes them out of the environment, so that no child tells anything.
  ServiceManager();

  void ready(std::string_view status) const;
  void reloading() const;
  void stopping() const;
  /// Tells that the daemon lives, as often as the watchdog wants to hear it; called as often as one likes.
  void alive(Ticks now);
  /// How long at most to leave between two calls of `alive`; nothing without a watchdog.
  std::optional<std::chrono::milliseconds> interval() const { return interval_; }

 private:
  void send(const std::string& text) const;

  std::string socket_;
  std::optional<std::chrono::milliseconds> interval_;
  Ticks last_{};
};

}  // namespace flowship::daemon
