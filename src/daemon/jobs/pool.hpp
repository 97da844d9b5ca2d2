#pragma once

#include "base/clock.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace flowship::daemon {

class Task;

/// A fixed number of threads that run the steps of any number of tasks: each when it is due, the longest due first. A
/// step that throws is run again. Thread-safe. It must outlive its tasks.
class Pool {
 public:
  /// Starts as many of `threads` as the system allows. Throws `Error` if it allows none. `on_error` is told of what a
  /// step throws.
  Pool(const Clock& clock, std::size_t threads, std::function<void(const std::string&)> on_error);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// For how long a step has shown no progress; zero if none runs.
  Ticks::duration longest_silence() const;

 private:
  friend class Task;
  void run();
  void run_step(Task& task);
  void end();

  const Clock& clock_;
  const std::function<void(const std::string&)> on_error_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  /// A step has ended.
  std::condition_variable idle_;
  std::set<std::pair<Ticks, Task*>> due_;
  std::set<Task*> running_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

/// Something that is worked on step by step, never by two threads at once.
class Task {
 public:
  Task(Pool& pool, std::function<void()> step) : pool_(pool), step_(std::move(step)) {}
  /// Waits for the step under way.
  ~Task();
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// Runs a step at that time, or sooner if it is due sooner already. While one is under way, the next follows it.
  void run_at(Ticks when);
  bool is_running() const;
  /// The step under way goes on.
  void progressed();
  /// The step under way waits for something that may take long, until it progresses again.
  void pauses();

 private:
  friend class Pool;

  Pool& pool_;
  const std::function<void()> step_;
  // All of this is guarded by the pool's mutex.
  Ticks due_ = Ticks::max();
  bool is_running_ = false;
  bool has_ended_ = false;
  /// Nothing while it pauses.
  std::optional<Ticks> silent_since_;
};

}  // namespace flowship::daemon
