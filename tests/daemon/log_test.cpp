#include "daemon/log.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace flowship::daemon {
namespace {

class FixedClock : public Clock {
 public:
  Time now() const override { return *from_rfc3339("2026-01-02T03:04:05Z"); }
  Ticks ticks() const override { return {}; }
  bool sleep_until(Ticks, const StopSignal&) const override { return true; }
};

std::string logged(LogFormat format) {
  const FixedClock clock;
  std::ostringstream out;
  const Log log(out, format, clock);
  log.with({{"job", "j-1"}}).error("it \"failed\"", {{"why", "a = b\n\x1b[1m"}, {"flow", "mfa"}});
  return out.str();
}

TEST(Log, WritesALineOfText) {
  EXPECT_EQ(logged(LogFormat::text),
            "2026-01-02T03:04:05Z error it \"failed\" job=j-1 why=\"a = b\\n\\x1b[1m\" flow=mfa\n");
}

TEST(Log, WritesALineOfJson) {
  EXPECT_EQ(logged(LogFormat::json),
            R"({"time":"2026-01-02T03:04:05Z","level":"error","message":"it \"failed\"","job":"j-1",)"
            R"("why":"a = b\n\u001b[1m","flow":"mfa"})"
            "\n");
}

TEST(LineBudget, LetsTheFirstLinesOfAMinuteThroughAndCountsTheOthers) {
  using std::chrono::seconds;
  LineBudget budget;
  const Ticks begin = Ticks{} + seconds(1000);
  int written = 0;
  for (int line = 0; line < 1000; ++line) written += budget.take(begin + seconds(1)).has_value() ? 1 : 0;
  EXPECT_EQ(written, 10);
  EXPECT_EQ(budget.take(begin + seconds(61)), std::optional<std::size_t>(990));
  EXPECT_EQ(budget.take(begin + seconds(61)), std::optional<std::size_t>(0));
}

}  // namespace
}  // namespace flowship::daemon
