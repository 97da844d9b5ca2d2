#include "daemon/jobs/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace flowship::daemon {
namespace {

using std::chrono::hours;

class PoolTest : public testing::Test {
 protected:
  static Ticks now() { return system_clock().ticks(); }
  void note(const std::string& error) {
    const std::lock_guard lock(mutex_);
    errors_ += error;
  }

  std::mutex mutex_;
  std::string errors_;
  Pool pool_{system_clock(), 2, [this](const std::string& error) { note(error); }};
};

TEST_F(PoolTest, RunsManyTasksOnFewThreads) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::promise<void> all;
  constexpr int kTasks = 500;
  int left = kTasks;
  std::vector<std::unique_ptr<Task>> tasks;
  for (int number = 0; number < kTasks; ++number) {
    tasks.push_back(std::make_unique<Task>(pool_, [&] {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
      if (--left == 0) all.set_value();
    }));
    tasks.back()->run_at(now());
  }
  all.get_future().wait();
  EXPECT_LE(threads.size(), 2U);
}

TEST_F(PoolTest, NeverRunsATaskTwiceAtOnce) {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::promise<void> done;
  int steps = 0;
  Task* self = nullptr;
  Task task(pool_, [&] {
    most = std::max(most.load(), ++inside);
    if (++steps == 200) done.set_value();
    self->run_at(now());
    std::this_thread::yield();
    --inside;
  });
  self = &task;
  task.run_at(now());
  done.get_future().wait();
  EXPECT_EQ(most, 1);
}

TEST_F(PoolTest, TheSoonerTimeCounts) {
  std::promise<void> done;
  Task task(pool_, [&] { done.set_value(); });
  task.run_at(now() + hours(1));
  task.run_at(now());
  task.run_at(now() + hours(2));
  done.get_future().wait();
}

TEST_F(PoolTest, ATaskThatGoesIsForgotten) {
  bool ran = false;
  {
    Task(pool_, [&] { ran = true; }).run_at(now() + hours(1));
  }
  EXPECT_FALSE(ran);
}

TEST_F(PoolTest, AStepThatThrowsIsReportedAndRunAgain) {
  std::promise<void> again;
  int steps = 0;
  Task task(pool_, [&] {
    if (++steps == 1) throw std::runtime_error("no more descriptors");
    again.set_value();
  });
  task.run_at(now());
  again.get_future().wait();
  const std::lock_guard lock(mutex_);
  EXPECT_NE(errors_.find("no more descriptors"), std::string::npos);
}

TEST_F(PoolTest, KnowsHowLongAStepHasBeenSilent) {
  std::promise<void> began;
  std::promise<void> end;
  Task* self = nullptr;
  Task task(pool_, [&] {
    began.set_value();
    end.get_future().wait();
  });
  self = &task;
  EXPECT_EQ(pool_.longest_silence().count(), 0);
  task.run_at(now());
  began.get_future().wait();
  while (pool_.longest_silence().count() == 0) std::this_thread::yield();
  self->pauses();
  EXPECT_EQ(pool_.longest_silence().count(), 0) << "it waits for good reason";
  self->progressed();
  while (pool_.longest_silence().count() == 0) std::this_thread::yield();
  end.set_value();
}

}  // namespace
}  // namespace flowship::daemon
