#pragma once

#include "git/entry.hpp"
#include "git/objects/object_id.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::git {

/// One entry of a tree; `name` is a view of the tree's bytes.
struct TreeEntry {
  std::string_view name;
  unsigned mode = 0;
  ObjectId id;

  bool is_tree() const { return mode == 0040000; }
  EntryKind kind() const;
};

/// Iterates over the bytes of a tree object (`mode SP name NUL id`) without allocating. Throws `Error` for malformed
/// bytes and for names that could leave their folder.
class TreeCursor {
 public:
  explicit TreeCursor(std::string_view bytes) : rest_(bytes) { advance(); }
  bool at_end() const { return at_end_; }
  const TreeEntry& entry() const { return entry_; }
  void advance();

  /// Advances to the entry `name`; if there is none, to the end, and returns false.
  bool seek(std::string_view name);

  /// Advances both past equal bytes to the first entries that may differ; much faster than comparing each entry.
  static void skip_same(TreeCursor& left, TreeCursor& right);

 private:
  /// The bytes after `entry_`.
  std::string_view rest_;
  TreeEntry entry_;
  bool at_end_ = false;
};

/// The order of entries in a tree: by name, where a folder's name counts as if it ended in `/`.
int compare_in_tree(const TreeEntry& left, const TreeEntry& right);

/// The part of a `TreeScope` below one folder.
class ScopeAt {
 public:
  explicit ScopeAt(const std::vector<std::string>& prefixes);
  /// The scope below the entry `name` of this folder.
  ScopeAt below(std::string_view name) const;
  /// Whether everything from here on is in scope.
  bool all() const { return all_; }
  /// Whether nothing from here on is in scope.
  bool none() const { return !all_ && rest_.empty(); }

 private:
  ScopeAt() = default;
  bool all_ = false;
  std::vector<std::string_view> rest_;
};

/// Whether the file at `path` is below one of `prefixes`.
bool in_scope(const std::vector<std::string>& prefixes, std::string_view path);

}  // namespace flowship::git
