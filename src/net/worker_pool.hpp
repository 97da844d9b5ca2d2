#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace flowship::net {

/// Threads that grow with the work: one that blocks holds up nobody until `most` are blocked at once.
class WorkerPool {
 public:
  explicit WorkerPool(std::size_t most) : most_(most) {}
  /// Drops what waits, and waits for what runs.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// `work` must not throw.
  void add(std::function<void()> work);

 private:
  void run();

  std::size_t most_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool ended_ = false;
};

}  // namespace flowship::net
