#pragma once

#include <cstddef>
#include <functional>

namespace flowship {

/// Calls `work` with each number below `count` on up to `threads` threads and waits for all of them. Rethrows the first
/// exception once the threads have ended; numbers not yet started are skipped.
void for_each_in_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work);

/// How many threads to use for `count` small pieces of work, such as reading a file or checking a flow. A few pieces
/// are not worth another thread.
std::size_t threads_for(std::size_t count);

}  // namespace flowship
