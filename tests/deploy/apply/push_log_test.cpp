#include "deploy/apply/push_log.hpp"

#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

namespace fs = std::filesystem;

TEST(PushLog, IsAFileOfItsOwnNamedAfterItsTime) {
  const git::TemporaryDirectory directory;
  const TestClock clock;
  const fs::path first = new_push_log(directory.path(), "production", clock);
  const fs::path second = new_push_log(directory.path(), "production", clock);
  EXPECT_EQ(first, directory.path() / "flowship/production/2026-01-02T03:04:05Z.log");
  EXPECT_EQ(second, directory.path() / "flowship/production/2026-01-02T03:04:05Z-1.log");
  EXPECT_TRUE(fs::is_regular_file(second));
  EXPECT_EQ(fs::status(first).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(PushLog, OnlyTheNewestAreKept) {
  const git::TemporaryDirectory directory;
  TestClock clock;
  fs::path last;
  const fs::path first = new_push_log(directory.path(), "e", clock);
  for (int number = 0; number < 20; ++number) {
    clock.time += std::chrono::seconds(1);
    last = new_push_log(directory.path(), "e", clock);
  }
  EXPECT_FALSE(fs::exists(first));
  EXPECT_TRUE(fs::exists(last));
  EXPECT_EQ(std::distance(fs::directory_iterator(last.parent_path()), fs::directory_iterator()), 20);
}

TEST(PushLock, LiesBesideTheLogs) {
  EXPECT_EQ(push_lock("/git", "production"), fs::path("/git/flowship/production.lock"));
  EXPECT_EQ(push_folder("/git"), fs::path("/git/flowship"));
}

}  // namespace
}  // namespace flowship::deploy
