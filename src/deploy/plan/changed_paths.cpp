#include "deploy/plan/changed_paths.hpp"

#include "base/files/path.hpp"
#include "flow/layouts/layouts.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace flowship::deploy {

namespace {

using git::Entry;

/// Collects what has to be read of one side.
class Collection {
 public:
  explicit Collection(const ListFolder& list) : list_(list) {}

  /// A file of this side (or, where it has none, of the other) differs.
  void add(const std::string& path, const std::optional<Entry>& entry) {
    if (flow::is_snapshot_file(name_of(path))) whole_.emplace(folder_of(path));
    // A list of flows can only be compared with all folders beside it, which are not read here.
    if (name_of(path) == "flows.json") return;
    if (entry && (path.ends_with(".json") || entry->kind != git::EntryKind::file)) files_.emplace(path, *entry);
  }

  void add_folder(std::string_view folder) { whole_.emplace(folder); }

  std::vector<Entry> entries() const {
    std::map<std::string, Entry> all = files_;
    for (const std::string& folder : whole_) {
      for (Entry& entry : list_(folder)) {
        if (entry.path.ends_with(".json") || entry.kind != git::EntryKind::file) {
          std::string path = entry.path;
          all.emplace(std::move(path), std::move(entry));
        }
      }
    }
    std::vector<Entry> result;
    for (auto& [path, entry] : all) result.push_back(std::move(entry));
    return result;
  }

 private:
  const ListFolder& list_;
  std::set<std::string> whole_;
  std::map<std::string, Entry> files_;
};

bool by_path(const Entry& a, const Entry& b) { return a.path < b.path; }

bool is_link(const std::optional<Entry>& entry) { return entry && entry->kind != git::EntryKind::file; }

}  // namespace

std::vector<git::TreeDifference> differences(std::vector<Entry> before, std::vector<Entry> after) {
  std::sort(before.begin(), before.end(), by_path);
  std::sort(after.begin(), after.end(), by_path);
  std::vector<git::TreeDifference> result;
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    if (now == after.end() || (old != before.end() && old->path < now->path)) {
      result.push_back({.before = *old++, .after = {}});
    } else if (old == before.end() || now->path < old->path) {
      result.push_back({.before = {}, .after = *now++});
    } else {
      if (now->id.is_zero() || *old != *now) result.push_back({.before = *old, .after = *now});
      ++old, ++now;
    }
  }
  return result;
}

ListFolder folders_of(std::vector<Entry> files) {
  auto folders = std::make_shared<std::map<std::string, std::vector<Entry>>>();
  for (Entry& file : files) (*folders)[std::string(folder_of(file.path))].push_back(std::move(file));
  return [folders](const std::string& folder) {
    const auto found = folders->find(folder);
    return found == folders->end() ? std::vector<Entry>() : found->second;
  };
}

ListFolder folders_of(const git::Repository& repository, const git::ObjectId& tree) {
  return [&repository, tree](const std::string& folder) {
    return tree.is_zero() ? std::vector<Entry>() : repository.files_in(tree, folder);
  };
}

Sides sides_of_trees(const git::Repository& repository, const git::ObjectId& before, const git::ObjectId& after,
                     const git::TreeScope& scope) {
  return {.differences = repository.differences(before, after, scope),
          .before = folders_of(repository, before),
          .after = folders_of(repository, after)};
}

Sides sides_of_files(std::vector<Entry> before, std::vector<Entry> after) {
  return {.differences = differences(before, after),
          .before = folders_of(std::move(before)),
          .after = folders_of(std::move(after))};
}

Touched touched(const Sides& sides, const std::set<std::string>& also) {
  Collection before(sides.before);
  Collection after(sides.after);
  for (const git::TreeDifference& difference : sides.differences) {
    const std::string& path = difference.before ? difference.before->path : difference.after->path;
    before.add(path, difference.before);
    after.add(path, difference.after);
    // A link in a snapshot's folder concerns that flow, so both sides have to be read.
    if (is_link(difference.before) || is_link(difference.after)) {
      before.add_folder(folder_of(path));
      after.add_folder(folder_of(path));
    }
  }
  for (const std::string& folder : also) {
    before.add_folder(folder);
    after.add_folder(folder);
  }
  return {.before = before.entries(), .after = after.entries()};
}

}  // namespace flowship::deploy
