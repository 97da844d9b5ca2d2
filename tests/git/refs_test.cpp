#include "base/error.hpp"
#include "git/git_fixture.hpp"
#include "git/repository.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace flowship::git {
namespace {

const std::string kRef = "refs/flowship/production";

/// Its time passes only while somebody sleeps.
class SleepingClock final : public Clock {
 public:
  Time now() const override { return {}; }
  Ticks ticks() const override { return ticks_; }
  bool sleep_until(Ticks deadline, const StopSignal&) const override {
    ticks_ = deadline;
    return true;
  }

 private:
  mutable Ticks ticks_;
};

struct Refs : testing::Test {
  TestRepository repo;
  ObjectId first = *ObjectId::from_hex(repo.commit("first"));
  ObjectId second = *ObjectId::from_hex(repo.commit("second"));
  Repository repository = Repository::open(repo.path());
};

TEST_F(Refs, MovesOnlyFromWhereItIsExpected) {
  EXPECT_FALSE(repository.compare_and_swap(kRef, second, first, "test", system_clock()));
  EXPECT_TRUE(repository.compare_and_swap(kRef, std::nullopt, first, "test", system_clock()));
  EXPECT_FALSE(repository.compare_and_swap(kRef, std::nullopt, second, "test", system_clock()));
  EXPECT_FALSE(repository.compare_and_swap(kRef, second, second, "test", system_clock()));
  EXPECT_TRUE(repository.compare_and_swap(kRef, first, second, "test", system_clock()));
  EXPECT_EQ(repository.ref(kRef), second);
  EXPECT_EQ(repo.git({"rev-parse", kRef}), second.hex());
  EXPECT_EQ(repository.refs("refs/flowship/"), std::vector<std::string>{kRef});
}

TEST_F(Refs, HaveOneWinnerOfARace) {
  for (int round = 0; round < 20; ++round) {
    const std::string name = "refs/flowship/race" + std::to_string(round);
    std::atomic<int> wins = 0;
    const auto contend = [&](const ObjectId& target) {
      const Repository own = Repository::open(repo.path());
      if (own.compare_and_swap(name, std::nullopt, target, "race", system_clock())) ++wins;
    };
    std::thread one(contend, first);
    std::thread other(contend, second);
    one.join();
    other.join();
    EXPECT_EQ(wins, 1);
  }
}

TEST_F(Refs, NameAStaleLock) {
  repo.write(".git/" + kRef + ".lock", "");
  const SleepingClock clock;
  try {
    repository.compare_and_swap(kRef, std::nullopt, first, "test", clock);
    FAIL();
  } catch (const Error& error) {
    EXPECT_GE(clock.ticks() - Ticks(), std::chrono::seconds(2));
    EXPECT_NE(error.message().find(kRef + ".lock"), std::string::npos) << error.message();
  }
}

/// What a process leaves that dies while it moves or removes the ref.
void die_moving(const TestRepository& repo) {
  repo.write(".git/flowship/refs-flowship.moving", kRef + "\n");
  repo.write(".git/" + kRef + ".lock", "");
}

TEST_F(Refs, MoveDespiteTheLockOfADeadProcess) {
  die_moving(repo);
  EXPECT_TRUE(repository.compare_and_swap(kRef, std::nullopt, first, "test", system_clock()));
  EXPECT_EQ(repository.ref(kRef), first);
}

TEST_F(Refs, GoAwayDespiteTheLockOfADeadProcess) {
  ASSERT_TRUE(repository.compare_and_swap(kRef, std::nullopt, first, "test", system_clock()));
  die_moving(repo);
  repository.remove_ref(kRef, second, system_clock());
  EXPECT_EQ(repository.ref(kRef), first);
  repository.remove_ref(kRef, first, system_clock());
  EXPECT_EQ(repository.ref(kRef), std::nullopt);
  repository.remove_ref(kRef, first, system_clock());
}

TEST_F(Refs, LeaveTheLockOfAnotherRefThatNobodyDiedMoving) {
  repo.write(".git/flowship/refs-flowship.moving", "refs/flowship/staging\n");
  repo.write(".git/" + kRef + ".lock", "");
  EXPECT_THROW(repository.compare_and_swap(kRef, std::nullopt, first, "test", SleepingClock()), Error);
}

TEST_F(Refs, SayThatALockKeepsThemFromGoing) {
  ASSERT_TRUE(repository.compare_and_swap(kRef, std::nullopt, first, "test", system_clock()));
  repo.write(".git/" + kRef + ".lock", "");
  EXPECT_THROW(repository.remove_ref(kRef, first, SleepingClock()), Error);
}

TEST_F(Refs, DoNotMoveInQuarantine) {
  const ScopedVariable quarantine("GIT_QUARANTINE_PATH", "/somewhere");
  EXPECT_THROW(repository.compare_and_swap(kRef, std::nullopt, first, "test", system_clock()), Error);
  EXPECT_FALSE(repository.ref(kRef));
}

TEST(Descends, SaysWhetherACommitIsInTheHistoryOfAnother) {
  const TestRepository files;
  files.write("a", "1");
  const std::string first = files.commit("one");
  files.write("a", "2");
  const std::string second = files.commit("two");
  const Repository repository = Repository::open(files.path());
  const auto id = [](const std::string& hex) { return *ObjectId::from_hex(hex); };
  EXPECT_EQ(repository.descends(id(second), id(first)), true);
  EXPECT_EQ(repository.descends(id(first), id(second)), false);
  EXPECT_EQ(repository.descends(id(first), id(first)), false);
  EXPECT_EQ(repository.descends(id(std::string(40, '1')), id(first)), std::nullopt);
  EXPECT_EQ(repository.descends(id(second), id(std::string(40, '1'))), std::nullopt);
}

TEST(Descends, IsNotKnownWhereTheHistoryIsCutOff) {
  const TestRepository files;
  for (const char* text : {"1", "2", "3"}) {
    files.write("a", text);
    files.commit(text);
  }
  const auto clone = files.beside("clone");
  files.git({"clone", "-q", "--depth=1", "file://" + files.path().string(), clone.string()});
  files.git_in(clone, {"checkout", "-q", "--orphan", "other"});
  files.git_in(clone, {"commit", "-q", "-m", "other"});
  const Repository repository = Repository::open(clone);
  EXPECT_EQ(repository.descends(repository.commit("origin/main"), repository.commit("HEAD")), std::nullopt);
}

}  // namespace
}  // namespace flowship::git
