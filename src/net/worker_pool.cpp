#include "net/worker_pool.hpp"

#include <system_error>
#include <utility>

namespace flowship::net {

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    waiting_.clear();
  }
  more_.notify_all();
  for (auto& thread : threads_) {
    thread.join();
  }
}

void WorkerPool::add(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(work));
  if (waiting_.size() > idle_ && threads_.size() < most_) {
    try {
      threads_.emplace_back([this] { run(); });
    } catch (const std::system_error&) {
      // No further thread to be had: those that run take the work later.
      if (threads_.empty()) {
        waiting_.pop_back();
        throw;
      }
    }
  }
  more_.notify_one();
}

void WorkerPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    more_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
    --idle_;
    if (ended_) {
      return;
    }
    auto work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

}  // namespace flowship::net
