#include "base/heap.hpp"

#include <cstdlib>  // says whether this is glibc
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace flowship {

void keep_memory() {
#ifdef __GLIBC__
  // The most that glibc takes for both (half of what one of its arenas can hold).
  constexpr int kLargest = 32 << 20;
  // An arena of a thread grows page by page otherwise, and each step holds up the other threads.
  constexpr int kAtOnce = 48 << 20;
  ::mallopt(M_TOP_PAD, kAtOnce);
  ::mallopt(M_MMAP_THRESHOLD, kLargest);
  ::mallopt(M_TRIM_THRESHOLD, kLargest);
#endif
}

}  // namespace flowship
