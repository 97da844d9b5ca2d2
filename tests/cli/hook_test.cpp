#include "cli/hooks/hook.hpp"

#include "base/error.hpp"
#include "cli/commands/sending.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace flowship::cli {
namespace {

class FakeClock final : public Clock {
 public:
  Time now() const override { return Time{}; }
  Ticks ticks() const override { return ticks_; }
  bool sleep_until(Ticks deadline, const StopSignal&) const override {
    ticks_ = deadline;
    return true;
  }

 private:
  mutable Ticks ticks_{};
};

TEST(WaitingForALease, RetriesUntilTheEnvironmentIsFree) {
  const FakeClock clock;
  std::ostringstream err;
  int attempts = 0;
  const ExitCode code = retry_while_held(clock, std::chrono::minutes(1), err, [&] {
    if (++attempts < 100) throw Error("held by process 7", {}, Fault::held);
    return ExitCode::partial;
  });
  EXPECT_EQ(code, ExitCode::partial);
  EXPECT_EQ(err.str(), "flowship: waiting: held by process 7\n") << "said once";
}

TEST(WaitingForALease, GivesUpWhenPatienceEnds) {
  const FakeClock clock;
  std::ostringstream err;
  const auto attempt = []() -> ExitCode { throw Error("held", {}, Fault::held); };
  EXPECT_THROW(retry_while_held(clock, std::chrono::minutes(1), err, attempt), Error);
  EXPECT_GE(clock.ticks().time_since_epoch(), std::chrono::minutes(1));
  EXPECT_LT(clock.ticks().time_since_epoch(), std::chrono::minutes(1) + std::chrono::seconds(1));
}

TEST(WaitingForALease, DoesNotRepeatOtherErrors) {
  const FakeClock clock;
  std::ostringstream err;
  const auto attempt = []() -> ExitCode { throw Error("broken"); };
  EXPECT_THROW(retry_while_held(clock, std::chrono::minutes(1), err, attempt), Error);
  EXPECT_EQ(clock.ticks(), Ticks{});
}

}  // namespace
}  // namespace flowship::cli
