#pragma once

namespace flowship {

/// Has the heap keep the memory of large blocks, which come and go (trees of 10,000 entries, the texts of their flows):
/// what goes back to the kernel has to be mapped and cleared again, which takes longer than reading what is put there.
/// Called first of all. Does nothing where the C library has no such settings.
void keep_memory();

}  // namespace flowship
