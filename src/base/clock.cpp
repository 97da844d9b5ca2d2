#include "base/clock.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/DateTimeParser.h>

namespace flowship {

namespace {

class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::system_clock::now(); }
  Ticks ticks() const override { return std::chrono::steady_clock::now(); }
  bool sleep_until(Ticks deadline, const StopSignal& stop) const override { return stop.sleep_until(deadline); }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string to_rfc3339(Time time) {
  return Poco::DateTimeFormatter::format(Poco::Timestamp::fromEpochTime(std::chrono::system_clock::to_time_t(time)),
                                         Poco::DateTimeFormat::ISO8601_FORMAT);
}

std::optional<Time> from_rfc3339(std::string_view text) {
  return parse_strictly(text, Poco::DateTimeFormat::ISO8601_FORMAT);
}

std::optional<Time> parse_strictly(std::string_view text, const std::string& format) {
  Poco::DateTime date;
  int zone = 0;
  if (!Poco::DateTimeParser::tryParse(format, std::string(text), date, zone)) return std::nullopt;
  if (Poco::DateTimeFormatter::format(date, format) != text) return std::nullopt;
  return std::chrono::system_clock::from_time_t(date.timestamp().epochTime());
}

}  // namespace flowship
