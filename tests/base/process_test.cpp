#include "base/process.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
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
  const ProcessResult result = run({.arguments = {"sleep", "60"}, .stops = {&stop}});
  later.join();
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.status, 128 + SIGTERM);
}

/// Whether a process that is no child of this one runs.
bool runs(const std::string& id) {
  std::ifstream file("/proc/" + id + "/stat");
  std::string stat;
  std::getline(file, stat);
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.compare(name_end, 3, ") Z") != 0;
}

TEST(Process, EndsAllOfAGroupOfItsOwn) {
  for (const char* helper : {"sleep 60", "trap '' TERM; while :; do sleep 0.1; done"}) {
    const ProcessResult result = run({.arguments = {"sh", "-c", "sh -c \"$0\" & echo $!; wait", helper},
                                      .time_limit = std::chrono::milliseconds(300),
                                      .group = Command::Group::own});
    EXPECT_TRUE(result.timed_out);
    EXPECT_EQ(result.status, 128 + SIGTERM);
    const std::string id = result.output.substr(0, result.output.find('\n'));
    ASSERT_FALSE(id.empty());
    // SIGKILL takes effect soon, and not at once.
    for (int tries = 0; runs(id) && tries < 500; ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_FALSE(runs(id)) << helper;
  }
}

TEST(Process, AGroupOfItsOwnHasNoTerminal) {
  const Command command{.arguments = {"sh", "-c", "true < /dev/tty"}, .group = Command::Group::own};
  EXPECT_NE(run(command).status, 0);
}

TEST(Process, StartsNothingOnceAStopWasRequested) {
  StopSignal stop;
  stop.request();
  EXPECT_TRUE(run({.arguments = {"no-such-program-anywhere"}, .stops = {&stop}}).timed_out);
}

TEST(Process, NamesAProgramThatCannotBeStarted) {
  EXPECT_THROW(run({.arguments = {"no-such-program-anywhere"}}), Error);
}

}  // namespace
}  // namespace flowship
