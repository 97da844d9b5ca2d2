#include "daemon/jobs/pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
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

TEST_F(PoolTest, RunsManyTasksAFewAtATime) {
  std::mutex mutex;
  std::promise<void> all;
  constexpr int kTasks = 500;
  int left = kTasks;
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::unique_ptr<Task>> tasks;
  for (int number = 0; number < kTasks; ++number) {
    tasks.push_back(std::make_unique<Task>(pool_, [&] {
      const int now_inside = ++inside;
      const std::lock_guard lock(mutex);
      most = std::max(most.load(), now_inside);
      --inside;
      if (--left == 0) all.set_value();
    }));
    tasks.back()->run_at(now());
  }
  all.get_future().wait();
  EXPECT_LE(most, 2);
}

/// Tasks whose steps don't end before the test does.
class Busy {
 public:
  Busy(Pool& pool, int count, const std::string& place = {}) {
    for (int number = 0; number < count; ++number) {
      tasks_.push_back(std::make_unique<Task>(
          pool, [this] { begin(); }, place));
    }
  }
  ~Busy() { end_.set_value(); }

  void start() {
    for (const auto& task : tasks_) task->run_at(system_clock().ticks());
  }
  Task& operator[](std::size_t number) { return *tasks_[number]; }
  int most() {
    const std::lock_guard lock(mutex_);
    return most_;
  }
  void wait_for(int begun) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= begun; });
  }

 private:
  void begin() {
    {
      const std::lock_guard lock(mutex_);
      ++begun_;
      most_ = std::max(most_, ++inside_);
      changed_.notify_all();
    }
    ended_.wait();
    const std::lock_guard lock(mutex_);
    --inside_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int begun_ = 0;
  int inside_ = 0;
  int most_ = 0;
  std::promise<void> end_;
  std::shared_future<void> ended_{end_.get_future()};
  std::vector<std::unique_ptr<Task>> tasks_;
};

TEST_F(PoolTest, MakesUpForAStepThatWaits) {
  std::atomic<bool> waits{false};
  Busy busy(pool_, 3);
  busy[0].waits_while([&] { return waits.load(); });
  busy.start();
  busy.wait_for(2);
  EXPECT_EQ(busy.most(), 2);
  waits = true;
  busy[0].pauses();
  busy.wait_for(3);
  EXPECT_EQ(busy.most(), 3);
}

TEST_F(PoolTest, MakesUpForStepsThatAreSilentForLongerThanItsPatience) {
  Pool patient(
      system_clock(), 1, [this](const std::string& error) { note(error); }, std::chrono::milliseconds(1));
  Busy busy(patient, 3, "a host");
  busy.start();
  busy.wait_for(3);
  EXPECT_EQ(busy.most(), 3);
}

TEST_F(PoolTest, StepsThatWaitAtOnePlaceDoNotTakeAllThreads) {
  Pool patient(
      system_clock(), 1, [this](const std::string& error) { note(error); }, std::chrono::milliseconds(1));
  Busy busy(patient, 50, "a host that hangs");
  busy.start();
  busy.wait_for(4);
  std::promise<void> ran;
  Task elsewhere(
      patient, [&] { ran.set_value(); }, "another host");
  elsewhere.run_at(now());
  ran.get_future().wait();
  EXPECT_EQ(busy.most(), 4);
}

TEST_F(PoolTest, EndsTheThreadsThatMadeUp) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
  };
  Pool patient(
      system_clock(), 1, [this](const std::string& error) { note(error); }, std::chrono::milliseconds(1));
  std::ptrdiff_t most = 0;
  {
    Busy busy(patient, 6);
    busy.start();
    busy.wait_for(6);
    most = threads();
  }
  // One of at least six is left.
  while (threads() > most - 5) std::this_thread::yield();
}

TEST_F(PoolTest, AStepThatIsDueAgainLaterIsNotForgotten) {
  for (const std::size_t threads : {1U, 2U}) {
    Pool pool(system_clock(), threads, [this](const std::string& error) { note(error); });
    std::promise<void> done;
    int steps = 0;
    Task* self = nullptr;
    Task task(pool, [&] {
      if (++steps == 100) return done.set_value();
      self->run_at(now() + std::chrono::milliseconds(1));
    });
    self = &task;
    task.run_at(now());
    EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready) << threads;
  }
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
