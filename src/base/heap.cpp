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
  ::mallopt(M_MMAP_THRESHOLD, kLargest);
  ::mallopt(M_TRIM_THRESHOLD, kLargest);
#endif
}

}  // namespace flowship
