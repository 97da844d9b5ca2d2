#pragma once

#include "git/repository.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flowship::git {

/// What sources are read from: a commit, the index, or the working tree. The repository must outlive it.
class Revision {
 public:
  static Revision of_commit(const Repository& repository, const ObjectId& commit);
  /// The tree of a commit, such as the last deployed one from the ledger; `commit` itself may be missing here.
  static Revision of_tree(const Repository& repository, const ObjectId& tree, const ObjectId& commit);
  static Revision of_index(const Repository& repository);
  static Revision of_worktree(const Repository& repository);

  /// The commit, if it is one.
  const std::optional<ObjectId>& commit() const { return commit_; }
  /// The tree of the commit, if it is one.
  const std::optional<ObjectId>& tree() const { return tree_; }
  bool is_worktree() const { return kind_ == Kind::worktree; }
  /// The full commit id, `index` or `worktree`.
  std::string name() const;
  std::vector<Entry> files(const TreeScope& scope = {}) const;
  /// The bytes of one of its files, which must be a regular file. Thread-safe for a working tree. The size is asked
  /// first: a file beyond the limit is an `Error`.
  std::string read(const Entry& entry, const SizeLimit& limit = kFlowFileLimit) const;
  /// The bytes of the file at `path`; nothing if there is none.
  std::optional<std::string> read_path(const std::string& path, const SizeLimit& limit = kFlowFileLimit) const;
  const Repository& repository() const { return *repository_; }

 private:
  enum class Kind { commit, index, worktree };
  Revision(const Repository& repository, Kind kind) : repository_(&repository), kind_(kind) {}

  const Repository* repository_;
  Kind kind_;
  std::optional<ObjectId> commit_;
  std::optional<ObjectId> tree_;
};

}  // namespace flowship::git
