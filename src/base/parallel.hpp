#pragma once

#include <cstddef>
#include <functional>

namespace flowship {

/// Calls `work` with every number below `count`, on up to `threads` threads, and returns when all are done. The first
/// exception is thrown again once the threads have ended; numbers not begun by then are left out.
void for_each_in_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work);

/// How many of the machine's threads to use for `count` small pieces of work, such as to read a file or to check a
/// flow: for a few of them another thread costs more than it saves, and so does asking how many there are.
std::size_t threads_for(std::size_t count);

}  // namespace flowship
