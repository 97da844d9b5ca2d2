#include "daemon/jobs/pool.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <exception>
#include <system_error>

namespace flowship::daemon {

namespace {

/// Before a step that threw is run again: what it was due for is still to be done.
constexpr std::chrono::seconds kPauseAfterError{1};

/// The most threads for each step that may go on, and how many of them may be at one place.
constexpr std::size_t kThreadsForEach = 8;
constexpr std::size_t kMostAtOnePlace = 4;

}  // namespace

Pool::Pool(const Clock& clock, std::size_t threads, std::function<void(const std::string&)> on_error,
           std::optional<Ticks::duration> patience)
    : clock_(clock), most_(threads), on_error_(std::move(on_error)), patience_(patience) {
  const std::lock_guard lock(mutex_);
  try {
    for (std::size_t number = 0; number < threads; ++number) threads_.emplace_back([this] { run(); });
  } catch (const std::system_error& error) {
    if (threads_.empty()) throw Error(std::string("cannot start a thread: ") + error.what());
    on_error_(std::string("cannot start a thread, going on with fewer: ") + error.what());
  }
}

Pool::~Pool() { end(); }

void Pool::end() {
  std::list<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
  for (std::thread& thread : retired_) thread.join();
}

/// From when on a running step counts as waiting by its silence.
std::optional<Ticks> Pool::waits_from(const Task& task) const {
  if (!patience_ || !task.silent_since_) return std::nullopt;
  return *task.silent_since_ + *patience_;
}

bool Pool::is_waiting(const Task& task, Ticks now) const {
  const std::optional<Ticks> from = waits_from(task);
  return (from && *from <= now) || (task.is_waiting_ && task.is_waiting_());
}

bool Pool::has_room_at(const std::string& place) const {
  const auto found = place.empty() ? at_place_.end() : at_place_.find(place);
  return found == at_place_.end() || found->second < kMostAtOnePlace * most_;
}

/// The task to run now; null if there is none, and then `again` is when to look again. Takes time linear in the tasks
/// that are due at places without room.
Task* Pool::next(Ticks now, std::optional<Ticks>& again) const {
  again.reset();
  if (due_.empty()) return nullptr;
  if (due_.begin()->first > now) {
    again = due_.begin()->first;
    return nullptr;
  }
  const auto waiting =
      std::count_if(running_.begin(), running_.end(), [&](const Task* task) { return is_waiting(*task, now); });
  if (running_.size() - static_cast<std::size_t>(waiting) >= most_) {
    for (const Task* task : running_) {
      const std::optional<Ticks> from = waits_from(*task);
      if (from && *from > now) again = std::min(again.value_or(*from), *from);
    }
    return nullptr;
  }
  for (const auto& [when, task] : due_) {
    if (when > now) {
      again = when;
      return nullptr;
    }
    if (has_room_at(task->place_)) return task;
  }
  return nullptr;
}

/// Has another thread ready, for when a step that is about to run turns out to wait.
void Pool::make_up() {
  for (std::thread& thread : retired_) thread.join();
  retired_.clear();
  if (free_ > 0 || threads_.size() >= kThreadsForEach * most_) return;
  try {
    threads_.emplace_back([this] { run(); });
  } catch (const std::system_error&) {
    // The next step tries it again.
  }
}

/// The calling thread ends.
void Pool::retire() {
  const auto self = std::find_if(threads_.begin(), threads_.end(), [](const std::thread& thread) {
    return thread.get_id() == std::this_thread::get_id();
  });
  if (self == threads_.end()) return;
  retired_.push_back(std::move(*self));
  threads_.erase(self);
}

void Pool::run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    std::optional<Ticks> again;
    Task* const task = next(clock_.ticks(), again);
    if (task == nullptr) {
      if (free_ >= most_) {
        changed_.notify_one();
        return retire();
      }
      ++free_;
      again ? static_cast<void>(changed_.wait_until(lock, *again)) : changed_.wait(lock);
      --free_;
      continue;
    }
    due_.erase({task->due_, task});
    task->due_ = Ticks::max();
    task->is_running_ = true;
    task->silent_since_ = clock_.ticks();
    running_.insert(task);
    ++at_place_[task->place_];
    make_up();
    // Whoever stops waiting leaves one behind that knows when the next step is due.
    changed_.notify_one();
    lock.unlock();
    run_step(*task);
    lock.lock();
    running_.erase(task);
    if (const auto place = at_place_.find(task->place_); --place->second == 0) at_place_.erase(place);
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

void Task::waits_while(std::function<bool()> is_waiting) {
  const std::lock_guard lock(pool_.mutex_);
  is_waiting_ = std::move(is_waiting);
}

void Task::progressed() {
  const std::lock_guard lock(pool_.mutex_);
  silent_since_ = pool_.clock_.ticks();
}

void Task::pauses() {
  const std::lock_guard lock(pool_.mutex_);
  silent_since_.reset();
  // Another step may begin.
  pool_.changed_.notify_all();
}

}  // namespace flowship::daemon
