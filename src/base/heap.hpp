#pragma once

#include <cstddef>

namespace flowship {

/// Has the heap keep the memory of large blocks, which come and go (trees of 10,000 entries, the texts of their flows):
/// what goes back to the kernel has to be mapped and cleared again, which takes longer than reading what is put there.
/// Called first of all. Does nothing where the C library has no such settings.
void keep_memory();

/// Says that about `bytes` are going to be needed, so that they come as few large pages; what is not used of them takes
/// no memory. Does nothing where the system has no such pages.
void expect_heap_of(std::size_t bytes);

}  // namespace flowship
