#include "base/error.hpp"
#include "git/handle.hpp"
#include "git/objects/entry_limits.hpp"
#include "git/objects/object_bytes.hpp"
#include "git/objects/raw_tree.hpp"
#include "git/repository.hpp"

#include <functional>

namespace flowship::git {

namespace {

using ReadTree = std::function<ObjectBytes(const ObjectId&)>;

Entry to_entry(const std::string& folder, const TreeEntry& entry) {
  return Entry{folder + std::string(entry.name), entry.kind(), entry.id};
}

/// Lists the files below a tree.
class Walk {
 public:
  explicit Walk(ReadTree read) : read_(std::move(read)) {}

  void folder(const ObjectId& tree, const std::string& path, const ScopeAt& scope, int depth) {
    const ObjectBytes bytes = read_(tree);
    for (TreeCursor cursor(bytes.view()); !cursor.at_end(); cursor.advance()) {
      const TreeEntry& entry = cursor.entry();
      const ScopeAt below = scope.below(entry.name);
      if (below.none()) continue;
      limits_.count(path, depth, entry.name);
      if (entry.is_tree()) {
        folder(entry.id, path + std::string(entry.name) + "/", below, depth + 1);
      } else if (below.all()) {
        entries.push_back(to_entry(path, entry));
      }
    }
  }

  std::vector<Entry> entries;

 private:
  ReadTree read_;
  EntryLimits limits_;
};

/// Walks two trees in step. A name that is a file on one side and a folder on the other sorts to two places, so it
/// comes out as one removed file and several added ones, or the reverse.
class Comparison {
 public:
  explicit Comparison(ReadTree read) : read_(std::move(read)) {}

  void folders(const ObjectId& before, const ObjectId& after, const std::string& path, const ScopeAt& scope,
               int depth) {
    const ObjectBytes before_bytes = read_(before);
    const ObjectBytes after_bytes = read_(after);
    TreeCursor left(before_bytes.view());
    TreeCursor right(after_bytes.view());
    while (!left.at_end() || !right.at_end()) {
      const int order = left.at_end() ? 1 : right.at_end() ? -1 : compare_in_tree(left.entry(), right.entry());
      const TreeEntry* const old_entry = order <= 0 ? &left.entry() : nullptr;
      const TreeEntry* const new_entry = order >= 0 ? &right.entry() : nullptr;
      const bool same = old_entry != nullptr && new_entry != nullptr && old_entry->id == new_entry->id &&
                        old_entry->kind() == new_entry->kind();
      if (same) {
        TreeCursor::skip_same(left, right);
        continue;
      }
      pair(old_entry, new_entry, path, scope, depth);
      if (order <= 0) left.advance();
      if (order >= 0) right.advance();
    }
  }

  std::vector<TreeDifference> differences;

 private:
  void pair(const TreeEntry* before, const TreeEntry* after, const std::string& path, const ScopeAt& scope, int depth) {
    const TreeEntry& one = before != nullptr ? *before : *after;
    const ScopeAt below = scope.below(one.name);
    if (below.none()) return;
    // What is only on the side of before is on its way out.
    if (after == nullptr && is_git_folder(one.name)) return;
    limits_.count(path, depth, one.name);
    if (one.is_tree()) {
      folders(before != nullptr ? before->id : ObjectId(), after != nullptr ? after->id : ObjectId(),
              path + std::string(one.name) + "/", below, depth + 1);
    } else if (below.all()) {
      TreeDifference& difference = differences.emplace_back();
      if (before != nullptr) difference.before = to_entry(path, *before);
      if (after != nullptr) difference.after = to_entry(path, *after);
    }
  }

  ReadTree read_;
  EntryLimits limits_;
};

/// Takes the first name off `path`.
std::string_view next_name(std::string_view& path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view name = path.substr(0, path.find('/'));
  path.remove_prefix(name.size());
  while (path.starts_with('/')) path.remove_prefix(1);
  return name;
}

/// The entry at `path` below the tree `id`; nothing if there is none. An empty path is the tree itself.
std::optional<TreeEntry> step_down(const ReadTree& read, const ObjectId& id, std::string_view path) {
  TreeEntry found{{}, 0040000, id};
  for (std::string_view name = next_name(path); !name.empty(); name = next_name(path)) {
    if (!found.is_tree()) return std::nullopt;
    const ObjectBytes bytes = read(found.id);
    TreeCursor cursor(bytes.view());
    if (!cursor.seek(name)) return std::nullopt;
    found = cursor.entry();
    found.name = name;
  }
  return found;
}

}  // namespace

ObjectBytes Repository::tree(const ObjectId& id) const {
  if (id.is_zero()) return ObjectBytes(std::string());
  // A missing object is fetched as a tree; git peels a commit to its tree.
  ObjectBytes bytes = object(id, "tree");
  if (bytes.is(GIT_OBJECT_COMMIT)) {
    const std::string_view commit = bytes.view();
    const auto tree = ObjectId::from_hex(commit.starts_with("tree ") ? commit.substr(5, 40) : "");
    if (!tree) throw Error("the commit " + id.hex() + " is damaged", "run git fsck");
    bytes = object(*tree, "tree");
  }
  if (!bytes.is(GIT_OBJECT_TREE)) throw Error("the object " + id.hex() + " is not a tree");
  return bytes;
}

std::vector<Entry> Repository::files(const ObjectId& tree_or_commit, const TreeScope& scope) const {
  Walk walk([this](const ObjectId& id) { return tree(id); });
  walk.folder(tree_or_commit, "", ScopeAt(scope.prefixes), 0);
  return std::move(walk.entries);
}

std::vector<Entry> Repository::files_in(const ObjectId& tree_or_commit, std::string_view folder) const {
  const ReadTree read = [this](const ObjectId& id) { return tree(id); };
  const auto found = step_down(read, tree_or_commit, folder);
  std::vector<Entry> result;
  if (!found || !found->is_tree()) return result;
  std::string path(folder);
  while (path.ends_with('/')) path.pop_back();
  if (!path.empty()) path += '/';
  const ObjectBytes bytes = read(found->id);
  for (TreeCursor cursor(bytes.view()); !cursor.at_end(); cursor.advance()) {
    if (!cursor.entry().is_tree()) result.push_back(to_entry(path, cursor.entry()));
  }
  return result;
}

std::optional<ObjectId> Repository::at(const ObjectId& tree_or_commit, std::string_view path) const {
  const auto found = step_down([this](const ObjectId& id) { return tree(id); }, tree_or_commit, path);
  if (!found) return std::nullopt;
  return found->id;
}

std::optional<Entry> Repository::entry_at(const ObjectId& tree_or_commit, std::string_view path) const {
  const auto found = step_down([this](const ObjectId& id) { return tree(id); }, tree_or_commit, path);
  if (!found || found->is_tree()) return std::nullopt;
  return Entry{std::string(path), found->kind(), found->id};
}

std::vector<TreeDifference> Repository::differences(const ObjectId& before_tree, const ObjectId& after_tree,
                                                    const TreeScope& scope) const {
  if (before_tree == after_tree) return {};
  Comparison comparison([this](const ObjectId& id) { return tree(id); });
  comparison.folders(before_tree, after_tree, "", ScopeAt(scope.prefixes), 0);
  return std::move(comparison.differences);
}

}  // namespace flowship::git
