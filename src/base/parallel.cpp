#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace flowship {

void for_each_in_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr first;
  std::mutex mutex;
  const auto run = [&] {
    for (std::size_t number = next++; number < count; number = next++) {
      try {
        work(number);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
        next = count;
      }
    }
  };
  std::vector<std::thread> others;
  try {
    for (std::size_t thread = 1; thread < std::min(threads, count); ++thread) others.emplace_back(run);
  } catch (const std::system_error&) {
    // The system has no more threads now: those that are there do it all.
  }
  run();
  for (std::thread& other : others) other.join();
  if (first) std::rethrow_exception(first);
}

std::size_t threads_for(std::size_t count) {
  constexpr std::size_t kWorthAThread = 64;
  if (count < kWorthAThread) return 1;
  return std::max<std::size_t>(1,
                               std::min<std::size_t>(std::thread::hardware_concurrency(), count / kWorthAThread + 1));
}

}  // namespace flowship
