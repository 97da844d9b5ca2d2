#pragma once

#include "base/clock.hpp"
#include "base/files/descriptor.hpp"
#include "git/entry.hpp"
#include "git/objects/object_id.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct git_repository;

namespace flowship::git {

class ObjectBytes;

/// What `git log -1` says of a commit.
struct CommitFacts {
  ObjectId id;
  ObjectId tree;
  std::vector<ObjectId> parents;
  std::string subject;
  std::string message;
  std::string author;
  Time time;
};

/// How a file stands in one tree against another. An absent side has no entry.
struct TreeDifference {
  std::optional<Entry> before;
  std::optional<Entry> after;
};

/// Where a comparison of trees looks: `prefixes` are folders or files relative to the root; none means everywhere.
struct TreeScope {
  std::vector<std::string> prefixes;
};

/// An opened repository. One thread at a time may use one object; open another for another thread.
///
/// Every function throws `Error` with a way out where it cannot go on: no repository, another owner
/// (`safe.directory`), SHA-256 objects, an unknown revision, a blob that a partial clone does not have.
class Repository {
 public:
  /// The repository that `directory` lies in (as `git -C directory` would find it); bare ones too.
  static Repository open(const std::filesystem::path& directory);
  /// As git's hooks do it: GIT_DIR, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY and the like are honoured, so that quarantined
  /// objects and temporary indexes are seen.
  static Repository open_from_environment();

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  /// Whether it was opened as hooks do it, so that their index and objects count.
  bool from_environment() const { return from_environment_; }
  bool is_bare() const;
  /// The top of the work tree; empty for a bare repository.
  std::filesystem::path work_directory() const;
  /// This work tree's own git directory (`.git`, or `.git/worktrees/x`).
  std::filesystem::path git_directory() const;
  /// The git directory that all work trees share.
  std::filesystem::path common_directory() const;
  /// A configuration value as git would see it (all levels); nothing when it is not set.
  std::optional<std::string> config(const std::string& name) const;

  /// The commit that `revision` names (`HEAD`, a branch, a tag that is peeled, a full or short id, `main~2`, …).
  ObjectId commit(std::string_view revision) const;
  CommitFacts facts(const ObjectId& commit) const;
  /// The full name of the branch that HEAD is on; nothing when it is detached.
  std::optional<std::string> head_branch() const;

  /// The files below a tree (of a commit id, the commit's tree), sorted by path as git sorts them.
  std::vector<Entry> files(const ObjectId& tree_or_commit, const TreeScope& scope = {}) const;
  /// The entries directly in `folder` of a tree ("" is the root): files, links and submodules, not folders.
  std::vector<Entry> files_in(const ObjectId& tree_or_commit, std::string_view folder) const;
  /// The names of folders directly in `folder` of a tree; empty when the folder is not there.
  std::vector<std::string> folders_in(const ObjectId& tree_or_commit, std::string_view folder) const;
  /// The object at `path` of a tree (a subtree's or blob's id); nothing when it is not there.
  std::optional<ObjectId> at(const ObjectId& tree_or_commit, std::string_view path) const;
  /// The file, link or submodule at `path` of a tree; nothing for a folder and where nothing is.
  std::optional<Entry> entry_at(const ObjectId& tree_or_commit, std::string_view path) const;
  /// What is staged, without intent-to-add entries. A conflict (an entry of stage 1 to 3) is an error that names it.
  std::vector<Entry> index_files(const TreeScope& scope = {}) const;
  /// The staged entry at `path`; nothing when there is none, an error when it is in conflict.
  std::optional<Entry> index_entry(const std::string& path) const;
  /// The files that differ between a tree (zero id: the empty tree) and what is staged. Told by the user's git, which
  /// knows from the index itself what is unchanged, so that the cost follows the difference.
  std::vector<TreeDifference> staged_differences(const ObjectId& before_tree) const;
  /// What lies in the working tree: tracked files and untracked ones that git does not ignore.
  std::vector<Entry> worktree_files(const TreeScope& scope = {}) const;

  /// The files that differ between two trees (zero id: the empty tree), walked in step, so that the cost follows the
  /// difference; subtrees with equal ids are never opened.
  std::vector<TreeDifference> differences(const ObjectId& before_tree, const ObjectId& after_tree,
                                          const TreeScope& scope = {}) const;

  std::string blob(const ObjectId& id) const;
  /// A blob's bytes up to and with the first `end` in them, whole where it has none. Of an object that no pack holds no
  /// more is unpacked than that.
  std::string blob_until(const ObjectId& id, std::string_view end) const;
  /// The file's bytes in the working tree, as they lie there; never through a symbolic link.
  std::string worktree_file(std::string_view path) const;
  /// The same; nothing when there is no file.
  std::optional<std::string> worktree_file_if_there(std::string_view path) const;

  /// Which of the files and folders at `paths` hold something that no commit has: changed, staged or untracked, even
  /// where git ignores it. Told by the user's git.
  std::vector<std::string> uncommitted(const std::vector<std::string>& paths) const;
  /// Gives files of the working tree new bytes (nothing: removes them), as `change_files` does it. A path into a git
  /// directory is an error.
  void change_worktree(const std::map<std::string, std::optional<std::string>>& changes) const;

  ObjectId write_blob(std::string_view bytes) const;
  /// A tree like `base` (zero: empty), in which each path holds the given blob, subtree or nothing.
  struct TreeItem {
    ObjectId id;
    bool is_tree = false;
  };
  ObjectId write_tree(const ObjectId& base, const std::map<std::string, std::optional<TreeItem>>& changes) const;
  struct Author {
    std::string name;
    std::string email;
  };
  /// The user's git identity where one is configured, else `flowship <flowship@localhost>`.
  Author author() const;
  struct NewCommit {
    ObjectId tree;
    std::vector<ObjectId> parents;
    std::string message;
    Time time;
    Author author;
  };
  ObjectId write_commit(const NewCommit& commit) const;

  /// The commit that a ref points at; nothing when there is no such ref.
  std::optional<ObjectId> ref(const std::string& name) const;
  /// The refs whose names begin with `prefix`.
  std::vector<std::string> refs(const std::string& prefix) const;
  /// Moves `name` from `expected` (nothing: it must not exist) to `target`; false when it stood elsewhere. Waits for
  /// a moment when the ref is locked, and throws when it stays so. Refuses while a push is in quarantine.
  bool compare_and_swap(const std::string& name, const std::optional<ObjectId>& expected, const ObjectId& target,
                        const std::string& reason) const;
  /// Takes away the lock file of `name` that a `compare_and_swap` left behind because its process died in it.
  void end_dead_move(const std::string& name) const;

 private:
  struct Close {
    void operator()(git_repository* repository) const;
  };
  explicit Repository(git_repository* repository);
  /// The object, whatever it is; asks git, as for a `kind`, for what a partial clone has left out.
  ObjectBytes object(const ObjectId& id, const char* kind) const;
  /// The tree that `id` is, or that the commit `id` has; the empty tree for zero.
  ObjectBytes tree(const ObjectId& id) const;

  std::unique_ptr<git_repository, Close> handle_;
  /// The top of the work tree, opened once, since each of its files is opened from there; negative where there is none.
  Descriptor work_tree_;
  bool from_environment_ = false;
  /// The index of the environment is of a kind that libgit2 does not know.
  bool index_by_git_ = false;
};

}  // namespace flowship::git
