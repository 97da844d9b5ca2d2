#pragma once

#include "base/stop.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace flowship {

using Time = std::chrono::system_clock::time_point;
using Ticks = std::chrono::steady_clock::time_point;

/// Where time comes from: the system's clock, or a test's.
class Clock {
 public:
  virtual ~Clock() = default;
  /// The calendar time, for records.
  virtual Time now() const = 0;
  /// The monotonic time, for pauses and deadlines.
  virtual Ticks ticks() const = 0;
  /// Sleeps until `deadline`; false when `stop` ended the sleep early.
  virtual bool sleep_until(Ticks deadline, const StopSignal& stop) const = 0;
};

/// The machine's own clock.
const Clock& system_clock();

/// UTC in RFC 3339 with whole seconds: `2026-11-24T01:52:00Z`.
std::string to_rfc3339(Time time);
/// The inverse of `to_rfc3339`; nothing for any other form.
std::optional<Time> from_rfc3339(std::string_view text);
/// A UTC time in one of Poco's formats (`DateTimeFormat`); nothing for a text that Poco would read but not write, such
/// as a day or an hour that does not exist, the wrong day of the week, or anything before or behind.
std::optional<Time> parse_strictly(std::string_view text, const std::string& format);

}  // namespace flowship
