#include "git/library.hpp"

#include "git/handle.hpp"

#include <array>

namespace flowship::git {

void start_library() {
  static const bool started = [] {
    check(git_libgit2_init(), "starting libgit2");
    // These do not change how objects and refs are read. Blobs missing from a partial clone are fetched by git.
    std::array<const char*, 4> extensions{"worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees"};
    check(git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size()), "starting libgit2");
    check(git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1), "starting libgit2");
    // A folder of 10,000 flows is a tree of 400 kB that is read again and again.
    constexpr std::size_t kLargestCachedTree = 4U << 20U;
    check(git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, kLargestCachedTree), "starting libgit2");
    // git does not rehash what it reads either; it would cost a quarter of a tree walk.
    check(git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0), "starting libgit2");
    return true;
  }();
  static_cast<void>(started);
}

}  // namespace flowship::git
