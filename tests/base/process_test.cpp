#include "base/process.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <thread>

namespace flowship {
namespace {

TEST(Process, CapturesOutputErrorsAndStatus) {
  const ProcessResult result = run({.arguments = {"sh", "-c", "cat; echo bad >&2; exit 3"}, .input = "good"});
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output, "good");
  EXPECT_EQ(result.errors, "bad\n");
}

TEST(Process, TransfersMoreThanAPipeBuffer) {
  const std::string much(1'000'000, 'x');
  EXPECT_EQ(run({.arguments = {"cat"}, .input = much}).output, much);
}

TEST(Process, SurvivesAChildThatDoesNotReadItsInput) {
  EXPECT_EQ(run({.arguments = {"true"}, .input = std::string(1'000'000, 'x')}).status, 0);
}

TEST(Process, SetsAndRemovesVariables) {
  const Command command{.arguments = {"sh", "-c", "echo $ADDED${HOME-none}"},
                        .environment = {{"ADDED", "yes "}, {"HOME", std::nullopt}}};
  EXPECT_EQ(run(command).output, "yes none\n");
}

TEST(Process, KeepsManagementKeysFromChildren) {
  const std::string key = "K2" + std::string(40, 'x');
  ::setenv("DESCOPE_MANAGEMENT_KEY", "Kany", 1);
  ::setenv("OTHER_KEY", key.c_str(), 1);
  Command command{.arguments = {"sh", "-c", "echo ${DESCOPE_MANAGEMENT_KEY-none} ${OTHER_KEY-none}"}};
  EXPECT_EQ(run(command).output, "none none\n");
  command.environment["DESCOPE_MANAGEMENT_KEY"] = "Kgiven";
  EXPECT_EQ(run(command).output, "Kgiven none\n");
  ::unsetenv("DESCOPE_MANAGEMENT_KEY");
  ::unsetenv("OTHER_KEY");
}

TEST(Process, EndsAChildAtItsTimeLimit) {
  const ProcessResult result = run({.arguments = {"sleep", "60"}, .time_limit = std::chrono::milliseconds(50)});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.status, 128 + SIGTERM);
}

TEST(Process, KillsAChildThatIgnoresSigterm) {
  const ProcessResult result = run({.arguments = {"sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"},
                                    .time_limit = std::chrono::milliseconds(300)});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.status, 128 + SIGKILL);
}

TEST(Process, EndsAChildWhenAStopIsRequested) {
  StopSignal stop;
  std::thread later([&] { stop.request(); });
  const ProcessResult result = run({.arguments = {"sleep", "60"}, .stop = &stop});
  later.join();
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.status, 128 + SIGTERM);
}

TEST(Process, NamesAProgramThatCannotBeStarted) {
  EXPECT_THROW(run({.arguments = {"no-such-program-anywhere"}}), Error);
}

}  // namespace
}  // namespace flowship
