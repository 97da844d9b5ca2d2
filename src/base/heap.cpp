#include "base/heap.hpp"

#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace flowship {

#ifdef __GLIBC__

namespace {

// The most that glibc takes for both (half of what one of its arenas can hold).
constexpr int kLargest = 32 << 20;

}  // namespace

void keep_memory() {
  ::mallopt(M_MMAP_THRESHOLD, kLargest);
  ::mallopt(M_TRIM_THRESHOLD, kLargest);
}

void expect_heap_of(std::size_t bytes) {
  constexpr std::uintptr_t kPage = 2U << 20U;
  // A little is quicker to get as it comes.
  if (bytes < 8 * kPage) return;
  // One arena for all threads: the others grow by small steps, each a system call that holds up every thread.
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TOP_PAD, static_cast<int>(bytes));
  // The next block that the heap has no room for makes it grow by all of it; the compiler must not leave that one out.
  void* volatile block = std::malloc(kLargest / 2);
  std::free(block);
  char* const end = static_cast<char*>(::sbrk(0));
  char* const begin = end - bytes;
  const std::size_t to_a_page = kPage - reinterpret_cast<std::uintptr_t>(begin) % kPage;
  ::madvise(begin + to_a_page, bytes - to_a_page, MADV_HUGEPAGE);
}

#else

void keep_memory() {}
void expect_heap_of(std::size_t) {}

#endif

}  // namespace flowship
