#pragma once

#include "base/clock.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace flowship::daemon {

class Task;

/// Runs the steps of any number of tasks: each when it is due, the longest due first, and at most so many at a time. A
/// step that only waits for somebody else does not count: other threads make up for it, up to eight times as many as
/// steps that go on. A step that throws is run again. Thread-safe. It must outlive its tasks.
class Pool {
 public:
  /// Starts as many of `threads`, one for each step that may go on, as the system allows. Throws `Error` if it allows
  /// none. `on_error` is told of what a step throws. A step that has shown no progress for `patience`, if given, counts
  /// as waiting.
  Pool(const Clock& clock, std::size_t threads, std::function<void(const std::string&)> on_error,
       std::optional<Ticks::duration> patience = std::nullopt);
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
  Task* next(Ticks now, std::optional<Ticks>& again) const;
  std::optional<Ticks> waits_from(const Task& task) const;
  bool is_waiting(const Task& task, Ticks now) const;
  bool has_room_at(const std::string& place) const;
  void make_up();
  void retire();

  const Clock& clock_;
  const std::size_t most_;
  const std::function<void(const std::string&)> on_error_;
  const std::optional<Ticks::duration> patience_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  /// A step has ended.
  std::condition_variable idle_;
  std::set<std::pair<Ticks, Task*>> due_;
  std::set<Task*> running_;
  /// How many steps are under way at each place.
  std::map<std::string, std::size_t> at_place_;
  bool ended_ = false;
  /// Threads that wait for a step to run.
  std::size_t free_ = 0;
  std::list<std::thread> threads_;
  /// Threads that have ended, or are about to.
  std::vector<std::thread> retired_;
};

/// Something that is worked on step by step, never by two threads at once.
class Task {
 public:
  /// `place` is what many tasks may wait for together, such as a host: they don't take all threads of the pool. Empty:
  /// none.
  Task(Pool& pool, std::function<void()> step, std::string place = {})
      : pool_(pool), step_(std::move(step)), place_(std::move(place)) {}
  /// Waits for the step under way.
  ~Task();
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// Runs a step at that time, or sooner if it is due sooner already. While one is under way, the next follows it.
  void run_at(Ticks when);
  bool is_running() const;
  /// A step counts as waiting while this is true. It is called with the pool's mutex held.
  void waits_while(std::function<bool()> is_waiting);
  /// The step under way goes on.
  void progressed();
  /// The step under way waits for something that may take long, until it progresses again.
  void pauses();

 private:
  friend class Pool;

  Pool& pool_;
  const std::function<void()> step_;
  const std::string place_;
  // All of this is guarded by the pool's mutex.
  std::function<bool()> is_waiting_;
  Ticks due_ = Ticks::max();
  bool is_running_ = false;
  bool has_ended_ = false;
  /// Nothing while it pauses.
  std::optional<Ticks> silent_since_;
};

}  // namespace flowship::daemon
