#include "daemon/jobs/pool.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <exception>
#include <system_error>

namespace flowship::daemon {

namespace {

/// Before a step that threw is run again: what it was due for is still to be done.
constexpr std::chrono::seconds kPauseAfterError{1};

}  // namespace

Pool::Pool(const Clock& clock, std::size_t threads, std::function<void(const std::string&)> on_error)
    : clock_(clock), on_error_(std::move(on_error)) {
  threads_.reserve(threads);
  try {
    for (std::size_t number = 0; number < threads; ++number) threads_.emplace_back([this] { run(); });
  } catch (const std::system_error& error) {
    if (threads_.empty()) throw Error(std::string("cannot start a thread: ") + error.what());
    on_error_(std::string("cannot start a thread, going on with fewer: ") + error.what());
  }
}

Pool::~Pool() { end(); }

void Pool::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
}

void Pool::run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (due_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto [when, task] = *due_.begin();
    if (when > clock_.ticks()) {
      changed_.wait_until(lock, when);
      continue;
    }
    due_.erase(due_.begin());
    task->due_ = Ticks::max();
    task->is_running_ = true;
    task->silent_since_ = clock_.ticks();
    running_.insert(task);
    lock.unlock();
    run_step(*task);
    lock.lock();
    running_.erase(task);
    task->is_running_ = false;
    if (task->due_ != Ticks::max() && !task->has_ended_) due_.emplace(task->due_, task);
    idle_.notify_all();
  }
}

void Pool::run_step(Task& task) {
  try {
    task.step_();
  } catch (const std::exception& error) {
    on_error_(std::string("unexpected error: ") + error.what());
    task.run_at(clock_.ticks() + kPauseAfterError);
  }
}

Ticks::duration Pool::longest_silence() const {
  const std::lock_guard lock(mutex_);
  Ticks::duration longest{0};
  for (const Task* task : running_) {
    if (task->silent_since_) longest = std::max(longest, clock_.ticks() - *task->silent_since_);
  }
  return longest;
}

Task::~Task() {
  std::unique_lock lock(pool_.mutex_);
  has_ended_ = true;
  pool_.idle_.wait(lock, [this] { return !is_running_; });
  pool_.due_.erase({due_, this});
}

void Task::run_at(Ticks when) {
  const std::lock_guard lock(pool_.mutex_);
  if (has_ended_ || when >= due_) return;
  if (!is_running_) {
    pool_.due_.erase({due_, this});
    pool_.due_.emplace(when, this);
    // All wait for the time of the first, which may be this one now.
    pool_.changed_.notify_all();
  }
  due_ = when;
}

bool Task::is_running() const {
  const std::lock_guard lock(pool_.mutex_);
  return is_running_;
}

void Task::progressed() {
  const std::lock_guard lock(pool_.mutex_);
  silent_since_ = pool_.clock_.ticks();
}

void Task::pauses() {
  const std::lock_guard lock(pool_.mutex_);
  silent_since_.reset();
}

}  // namespace flowship::daemon
