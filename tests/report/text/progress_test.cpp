#include "report/text/progress.hpp"

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
  result.outcome = deploy::FlowOutcome::deployed;
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

TEST(TerminalProgress, RedrawsInPlaceAndKeepsTheFlowLines) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, FlowLines::kept, clock, [] { return 80; });
  progress.started(2);
  clock.pass(std::chrono::milliseconds(200));
  progress.sending(change("a"));
  clock.pass(std::chrono::milliseconds(200));
  progress.done(deployed("a"));
  progress.finished();
  EXPECT_EQ(out.str(), "[0/2]\r[0/2] a\x1b[K\r\x1b[K  ~ a  deployed\n[1/2]\r\x1b[K");
}

TEST(TerminalProgress, KeepsNoFlowLinesIfTheResultListsThem) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, FlowLines::left_out, clock, [] { return 80; });
  progress.started(1);
  progress.sending(change("a"));
  progress.done(deployed("a"));
  progress.finished();
  EXPECT_EQ(out.str(), "[0/1]\r[0/1] a\x1b[K\r[1/1]\x1b[K\r\x1b[K");
}

int drawings_in(const std::string& text) {
  int drawings = 0;
  for (std::size_t at = text.find('['); at != std::string::npos; at = text.find('[', at + 1)) {
    if (text.compare(at, 2, "[K") != 0) ++drawings;
  }
  return drawings;
}

TEST(TerminalProgress, ShowsFlowsStartedTogether) {
  std::ostringstream out;
  FakeClock clock;
  constexpr int kThreads = 32;
  TerminalProgress progress(out, {}, FlowLines::left_out, clock, [] { return 1000; });
  progress.started(kThreads);
  for (int step = 0; step < kThreads; ++step) progress.sending(change("flow-" + std::to_string(step)));
  EXPECT_EQ(drawings_in(out.str()), kThreads + 1);
}

TEST(TerminalProgress, DoesNotFloodTheTerminal) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, FlowLines::left_out, clock, [] { return 80; });
  progress.started(10000);
  for (int step = 0; step < 10000; ++step) {
    progress.sending(change("f" + std::to_string(step)));
    if (step % 10 == 9) clock.pass(std::chrono::milliseconds(1));
  }
  EXPECT_GE(drawings_in(out.str()), 100);
  EXPECT_LE(drawings_in(out.str()), 400);
}

TEST(TerminalProgress, FitsANarrowTerminal) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, FlowLines::kept, clock, [] { return 12; });
  progress.started(3);
  clock.pass(std::chrono::milliseconds(200));
  progress.sending(change("a-flow-with-a-long-name"));
  EXPECT_EQ(out.str(), "[0/3]\r[0/3] a-flo\x1b[K");
}

TEST(TerminalProgress, ErasesItsLineWhenDestroyed) {
  std::ostringstream out;
  FakeClock clock;
  {
    TerminalProgress(out, {}, FlowLines::kept, clock, [] { return 80; }).started(1);
  }
  EXPECT_EQ(out.str(), "[0/1]\r\x1b[K");
}

TEST(TerminalProgress, ShowsTheReasonForWaiting) {
  std::ostringstream out;
  FakeClock clock;
  TerminalProgress progress(out, {}, FlowLines::kept, clock, [] { return 80; });
  progress.waiting("the service asks to wait 3 s");
  EXPECT_EQ(out.str(), "[0/0] the service asks to wait 3 s");
}

}  // namespace
}  // namespace flowship::report
