#pragma once

#include "git/entry.hpp"
#include "git/objects/object_id.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::git {

/// One entry of a tree as it lies in the object's bytes; `name` lives as long as they do.
struct TreeEntry {
  std::string_view name;
  unsigned mode = 0;
  ObjectId id;

  bool is_tree() const { return mode == 0040000; }
  EntryKind kind() const;
};

/// Steps through the bytes of a tree object (`mode SP name NUL id`) without an allocation an entry. Throws `Error`
/// for bytes that are no tree, and for names that could leave their folder.
class TreeCursor {
 public:
  explicit TreeCursor(std::string_view bytes) : rest_(bytes) { advance(); }
  bool at_end() const { return at_end_; }
  const TreeEntry& entry() const { return entry_; }
  void advance();

  /// Goes on to the entry `name`, from where it stands; false, and at the end, when there is none.
  bool seek(std::string_view name);

  /// Takes both on to the first entries that differ, where the same entries lie before them; much faster than a look
  /// at each.
  static void skip_same(TreeCursor& left, TreeCursor& right);

 private:
  /// The bytes behind `entry_`.
  std::string_view rest_;
  TreeEntry entry_;
  bool at_end_ = false;
};

/// The order of entries in a tree: by name, where a folder's name counts as if it ended in `/`.
int compare_in_tree(const TreeEntry& left, const TreeEntry& right);

/// The part of a `TreeScope` that lies below one folder.
class ScopeAt {
 public:
  explicit ScopeAt(const std::vector<std::string>& prefixes);
  /// What is left for the entry `name` of this folder.
  ScopeAt below(std::string_view name) const;
  /// Everything from here on is meant.
  bool all() const { return all_; }
  /// Nothing from here on is meant.
  bool none() const { return !all_ && rest_.empty(); }

 private:
  ScopeAt() = default;
  bool all_ = false;
  std::vector<std::string_view> rest_;
};

/// Whether the file at `path` is meant by `prefixes`.
bool in_scope(const std::vector<std::string>& prefixes, std::string_view path);

}  // namespace flowship::git
