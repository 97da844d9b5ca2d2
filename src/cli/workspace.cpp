#include "cli/workspace.hpp"

#include "base/error.hpp"

namespace flowship::cli {

git::Repository open_repository(const Options& options) { return git::Repository::open(options.repository); }

git::Revision chosen_revision(const git::Repository& repository, const Options& options) {
  const int chosen = (options.revision.empty() ? 0 : 1) + (options.staged ? 1 : 0) + (options.worktree ? 1 : 0);
  if (chosen > 1) throw usage_error("--rev, --staged and --worktree exclude each other");
  if ((options.staged || options.worktree) && repository.is_bare()) {
    throw usage_error("a bare repository has neither an index nor a working tree", "name a commit with --rev");
  }
  if (options.staged) return git::Revision::of_index(repository);
  if (options.worktree) return git::Revision::of_worktree(repository);
  return git::Revision::of_commit(repository, repository.commit(options.revision.empty() ? "HEAD" : options.revision));
}

}  // namespace flowship::cli
