#pragma once

#include "base/clock.hpp"
#include "base/files/descriptor.hpp"
#include "base/files/size_limit.hpp"
#include "base/stop.hpp"
#include "git/entry.hpp"
#include "git/objects/object_id.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

struct git_repository;

namespace flowship::git {

class ObjectBytes;

/// The facts that `git log -1` shows.
struct CommitFacts {
  ObjectId id;
  ObjectId tree;
  std::vector<ObjectId> parents;
  std::string subject;
  std::string message;
  std::string author;
  Time time;
  /// Whether it has a signature, good or bad.
  bool is_signed = false;
};

/// A file that differs between two trees. A side without it has no entry.
struct TreeDifference {
  std::optional<Entry> before;
  std::optional<Entry> after;
};

/// Limits an operation to `prefixes`, folders or files relative to the root; none: everything.
struct TreeScope {
  std::vector<std::string> prefixes;
};

/// An open repository. Not thread-safe: open one for each thread.
///
/// Every function throws `Error` with a hint if it can't go on: no repository, another owner (`safe.directory`),
/// SHA-256 objects, an unknown revision, a blob missing from a partial clone.
class Repository {
 public:
  /// The repository that `git -C directory` would use; bare ones too.
  static Repository open(const std::filesystem::path& directory);
  /// Honours GIT_DIR, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY and the like, as git's hooks do, so that quarantined objects
  /// and temporary indexes are visible.
  static Repository open_from_environment();

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  /// Whether it was opened by `open_from_environment`.
  bool from_environment() const { return from_environment_; }
  bool is_bare() const;
  bool is_shallow() const;
  /// The top of the work tree; empty for a bare repository.
  std::filesystem::path work_directory() const;
  /// The git directory of this work tree (`.git`, or `.git/worktrees/x`).
  std::filesystem::path git_directory() const;
  /// The git directory that all work trees share.
  std::filesystem::path common_directory() const;
  /// Variables that git, and what it starts, never gets from this process from now on: they may hold management keys.
  void withhold(const std::set<std::string>& variables) const { withheld_.insert(variables.begin(), variables.end()); }
  const std::set<std::string>& withheld() const { return withheld_; }
  /// From now on git, and what it starts, has no terminal and is ended as soon as a stop is requested. `stop` must
  /// outlive the repository.
  void end_git_on(const StopSignal& stop) { git_stop_ = &stop; }
  /// Null: git is not ended, and shares the terminal.
  const StopSignal* git_stop() const { return git_stop_; }
  /// A configuration value from all levels; nothing if it is not set.
  std::optional<std::string> config(const std::string& name) const;
  /// The same for a flag, in all the ways that git writes one.
  std::optional<bool> config_flag(const std::string& name) const;

  /// The commit that `revision` names (`HEAD`, a branch, a tag, a full or short id, `main~2`, …), peeled.
  ObjectId commit(std::string_view revision) const;
  CommitFacts facts(const ObjectId& commit) const;
  /// Whether `ancestor` is in the history of `commit`, and another commit; nothing if that is not known, because the
  /// history is not here.
  std::optional<bool> descends(const ObjectId& commit, const ObjectId& ancestor) const;
  /// Whether the object is here: the older commits of a shallow clone are not.
  bool has(const ObjectId& id) const;
  /// The full name of the current branch; nothing if HEAD is detached.
  std::optional<std::string> head_branch() const;

  /// The files of a tree (or of a commit's tree), in git's order.
  std::vector<Entry> files(const ObjectId& tree_or_commit, const TreeScope& scope = {}) const;
  /// The entries directly in `folder` of a tree ("" is the root): files, links and submodules, not folders.
  std::vector<Entry> files_in(const ObjectId& tree_or_commit, std::string_view folder) const;
  /// The subtree or blob at `path` of a tree; nothing if there is none.
  std::optional<ObjectId> at(const ObjectId& tree_or_commit, std::string_view path) const;
  /// The file, link or submodule at `path` of a tree; nothing if there is none or it is a folder.
  std::optional<Entry> entry_at(const ObjectId& tree_or_commit, std::string_view path) const;
  /// The index without intent-to-add entries. A conflict (an entry of stage 1 to 3) is an error.
  std::vector<Entry> index_files(const TreeScope& scope = {}) const;
  /// The index entry at `path`; nothing if there is none. A conflict is an error.
  std::optional<Entry> index_entry(const std::string& path) const;
  /// The files that differ between a tree (zero id: the empty tree) and the index. Asks the user's git, whose cache
  /// tree in the index makes the cost proportional to the difference.
  std::vector<TreeDifference> staged_differences(const ObjectId& before_tree) const;
  /// The files in the working tree: tracked ones, and untracked ones that git does not ignore.
  std::vector<Entry> worktree_files(const TreeScope& scope = {}) const;

  /// The files that differ between two trees (zero id: the empty tree). Subtrees with equal ids are not opened, so the
  /// cost is proportional to the difference.
  std::vector<TreeDifference> differences(const ObjectId& before_tree, const ObjectId& after_tree,
                                          const TreeScope& scope = {}) const;

  std::string blob(const ObjectId& id) const;
  /// The size of a blob in bytes, without reading it.
  std::uintmax_t blob_size(const ObjectId& id) const;
  /// The bytes of a file in the working tree; follows no symbolic link. A file beyond the limit is not read.
  std::string worktree_file(std::string_view path, const SizeLimit& limit = kFlowFileLimit) const;
  /// The same; nothing if there is no such file.
  std::optional<std::string> worktree_file_if_there(std::string_view path,
                                                    const SizeLimit& limit = kFlowFileLimit) const;

  /// The files below `paths` with uncommitted content: changed, staged, untracked or ignored, as the user's git reports
  /// them.
  enum class Ignored { included, left_out };
  std::vector<std::string> uncommitted(const std::vector<std::string>& paths,
                                       Ignored ignored = Ignored::included) const;
  /// Replaces the content of files of the working tree (nothing: removes the file), as `change_files` does. A path into
  /// a git directory is an error.
  void change_worktree(const std::map<std::string, std::optional<std::string>>& changes) const;

  ObjectId write_blob(std::string_view bytes) const;
  /// A copy of the tree `base` (zero: empty) with the given blob, subtree or nothing at each path.
  struct TreeItem {
    ObjectId id;
    bool is_tree = false;
  };
  ObjectId write_tree(const ObjectId& base, const std::map<std::string, std::optional<TreeItem>>& changes) const;
  struct Author {
    std::string name;
    std::string email;
  };
  /// The user's git identity if one is configured, else `flowship <flowship@localhost>`.
  Author author() const;
  struct NewCommit {
    ObjectId tree;
    std::vector<ObjectId> parents;
    std::string message;
    Time time;
    Author author;
  };
  ObjectId write_commit(const NewCommit& commit) const;

  /// The commit that a ref points to; nothing if there is no such ref.
  std::optional<ObjectId> ref(const std::string& name) const;
  /// The names of refs that begin with `prefix`, sorted.
  std::vector<std::string> refs(const std::string& prefix) const;
  /// Moves `name` from `expected` (nothing: it must not exist) to `target`; false when it pointed elsewhere. Waits up
  /// to 2 s by `clock` while the ref is locked, then throws. Refuses while a push is in quarantine.
  bool compare_and_swap(const std::string& name, const std::optional<ObjectId>& expected, const ObjectId& target,
                        const std::string& reason, const Clock& clock) const;
  /// Removes `name` if it points to `expected`. Waits up to 2 s by `clock` while the ref is locked, then throws.
  void remove_ref(const std::string& name, const ObjectId& expected, const Clock& clock) const;
  /// Removes the lock file that a process left behind because it died while it moved or removed `name`, or another ref
  /// of its folder.
  void end_dead_move(const std::string& name) const;

 private:
  struct Close {
    void operator()(git_repository* repository) const;
  };
  explicit Repository(git_repository* repository);
  /// Whether objects may be missing that git fetches when they are needed.
  bool is_partial() const;
  /// An object of any type; in a partial clone a missing one is fetched by git, as a `kind`.
  ObjectBytes object(const ObjectId& id, const char* kind) const;
  /// The tree that `id` is, or that the commit `id` has; the empty tree for zero.
  ObjectBytes tree(const ObjectId& id) const;

  std::unique_ptr<git_repository, Close> handle_;
  /// The top of the work tree, from which its files are opened; negative if there is none.
  Descriptor work_tree_;
  bool from_environment_ = false;
  /// The index from the environment can't be read by libgit2.
  bool index_by_git_ = false;
  /// No part of the repository.
  mutable std::set<std::string> withheld_;
  const StopSignal* git_stop_ = nullptr;
};

}  // namespace flowship::git
