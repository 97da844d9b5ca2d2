#include "report/progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace flowship::report {
namespace {

class FakeClock : public Clock {
 public:
  Time now() const override { return {}; }
  Ticks ticks() const override { return ticks_; }
  bool sleep_until(Ticks, const StopSignal&) const override { return true; }
  void pass(std::chrono::milliseconds time) { ticks_ += time; }

 private:
  Ticks ticks_{};
};

deploy::Change change(std::string flow_id) {
  deploy::Change result;
  result.flow_id = std::move(flow_id);
  return result;
}

deploy::FlowResult deployed(std::string flow_id) {
  deploy::FlowResult result;
  result.flow_id = std::move(flow_id);
  result.attempts = 1;
  return result;
}

TEST(PlainProgress, WritesALineForEveryFlow) {
  std::ostringstream out;
  PlainProgress progress(out, {});
  progress.started(2);
  progress.sending(change("a"));
  progress.done(deployed("a"));
  deploy::FlowResult failed = deployed("b\x1b");
  failed.outcome = deploy::FlowOutcome::failed;
  failed.error = "no\nway";
  progress.done(failed);
  progress.finished();
  EXPECT_EQ(out.str(), "[1/2] a deployed\n[2/2] b\\x1b failed: no\\nway\n");
}

TEST(PlainProgress, WritesNothingWhenQuiet) {
  std::ostringstream out;
  PlainProgress progress(out, {.colour = false, .quiet = true, .verbose = false});
  progress.started(1);
  progress.waiting("a while");
  progress.done(deployed("a"));
  progress.finished();
  EXPECT_EQ(out.str(), "");
}

TEST(TerminalProgress, RedrawsItsLineInPlaceAndLeavesOnlyTheFlowsBehind) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, clock, [] { return 80; });
  progress.started(2);
  clock.pass(std::chrono::milliseconds(200));
  progress.sending(change("a"));
  clock.pass(std::chrono::milliseconds(200));
  progress.done(deployed("a"));
  progress.finished();
  EXPECT_EQ(out.str(), "[0/2]\r\x1b[K[0/2] a\r\x1b[K  ~ a  deployed\n[1/2]\r\x1b[K");
}

TEST(TerminalProgress, DrawsAtMostTenTimesASecond) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, clock, [] { return 80; });
  progress.started(1000);
  for (int step = 0; step < 1000; ++step) {
    progress.sending(change("f" + std::to_string(step)));
    clock.pass(std::chrono::milliseconds(1));
  }
  int drawings = 0;
  const std::string text = out.str();
  for (std::size_t at = text.find("[0/1000]"); at != std::string::npos; at = text.find("[0/1000]", at + 1)) ++drawings;
  EXPECT_GE(drawings, 5);
  EXPECT_LE(drawings, 11);
}

TEST(TerminalProgress, FitsANarrowTerminal) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, clock, [] { return 12; });
  progress.started(3);
  clock.pass(std::chrono::milliseconds(200));
  progress.sending(change("a-flow-with-a-long-name"));
  EXPECT_EQ(out.str(), "[0/3]\r\x1b[K[0/3] a-flo");
}

TEST(TerminalProgress, TakesItsLineAwayWhenNobodyFinishes) {
  std::ostringstream out;
  FakeClock clock;
  {
    TerminalProgress(out, {}, clock, [] { return 80; }).started(1);
  }
  EXPECT_EQ(out.str(), "[0/1]\r\x1b[K");
}

TEST(TerminalProgress, ShowsWhyItWaits) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, clock, [] { return 80; });
  progress.waiting("the service asks to wait 3 s");
  EXPECT_EQ(out.str(), "[0/0] the service asks to wait 3 s");
}

}  // namespace
}  // namespace flowship::report
