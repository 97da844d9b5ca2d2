#include "git/worktree/listing.hpp"

#include "base/error.hpp"
#include "base/files/descriptor.hpp"
#include "base/files/path.hpp"
#include "base/parallel.hpp"
#include "git/objects/raw_tree.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace flowship::git {

namespace {

template <typename Take>
void for_each_line(std::string_view lines, Take take) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\0'));
    take(line);
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
}

/// What a path of the index counts as when something of that type (of `S_IFMT`) lies there.
std::optional<EntryKind> kind_of(mode_t type, bool is_submodule) {
  if (is_submodule) return type == S_IFDIR ? std::optional(EntryKind::submodule) : std::nullopt;
  if (type == S_IFLNK) return EntryKind::symlink;
  if (type == S_IFREG) return EntryKind::file;
  return std::nullopt;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using FolderHandle = std::unique_ptr<DIR, CloseFolder>;

/// Looks into every folder that git tracks something in, until it finds what git does not track.
class Look {
 public:
  Look(int root, const std::vector<Tracked>& tracked, const TreeScope& scope)
      : root_(root), tracked_(tracked), scope_(scope), found_(tracked.size()) {
    by_path_.reserve(tracked.size());
    for (std::size_t index = 0; index < tracked.size(); ++index) {
      by_path_.emplace(tracked[index].path, index);
      for (std::string_view folder = tracked[index].path; !folder.empty();) {
        folder = folder_of(folder);
        if (!folders_.insert(folder).second) break;
      }
    }
    // Where nothing is tracked, there may be something all the same.
    folders_.insert("");
  }

  bool finds_nothing_else() {
    const std::vector<std::string_view> folders(folders_.begin(), folders_.end());
    std::atomic<bool> something_else = false;
    for_each_in_parallel(folders.size(), threads_for(folders.size()), [&](std::size_t index) {
      if (!something_else && !is_known(folders[index])) something_else = true;
    });
    return !something_else;
  }

  std::vector<Entry> entries() const {
    std::vector<Entry> entries;
    entries.reserve(tracked_.size());
    for (std::size_t index = 0; index < tracked_.size(); ++index) {
      if (found_[index] && in_scope(scope_.prefixes, tracked_[index].path)) {
        entries.push_back({std::string(tracked_[index].path), *found_[index], {}});
      }
    }
    return entries;
  }

 private:
  /// Whether all that is directly in the folder is tracked, or a folder that is looked into. A link on the way to it is
  /// found in the folder that it lies in.
  bool is_known(std::string_view folder) {
    std::string path(folder);
    Descriptor opened(::openat(root_, path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // A folder that is gone can't hold anything; what stands in its place is found in the folder above.
    if (opened.number() < 0) return errno == ENOENT || errno == ENOTDIR;
    const FolderHandle handle(::fdopendir(opened.number()));
    if (handle == nullptr) return false;
    opened.release();
    if (!path.empty()) path += '/';
    const std::size_t length = path.size();
    while (const dirent* entry = ::readdir(handle.get())) {
      const std::string_view name(entry->d_name);
      if (name == "." || name == ".." || name == ".git") continue;
      path.resize(length);
      path += name;
      if (!is_known(::dirfd(handle.get()), *entry, path)) return false;
    }
    return true;
  }

  bool is_known(int folder, const dirent& entry, const std::string& path) {
    mode_t type = static_cast<mode_t>(DTTOIF(entry.d_type));
    if (entry.d_type == DT_UNKNOWN) {
      struct stat facts {};
      if (::fstatat(folder, entry.d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0) return false;
      type = facts.st_mode & S_IFMT;
    }
    if (const auto tracked = by_path_.find(path); tracked != by_path_.end()) {
      const bool is_submodule = tracked_[tracked->second].is_submodule;
      found_[tracked->second] = kind_of(type, is_submodule);
      return type != S_IFDIR || is_submodule || !is_meant(path);
    }
    return (type == S_IFDIR && folders_.contains(path)) || !is_meant(path);
  }

  /// Whether something at `path` or below would be in the scope.
  bool is_meant(std::string_view path) const {
    ScopeAt scope(scope_.prefixes);
    while (!path.empty() && !scope.none()) {
      const std::size_t slash = std::min(path.find('/'), path.size());
      scope = scope.below(path.substr(0, slash));
      path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return !scope.none();
  }

  int root_;
  const std::vector<Tracked>& tracked_;
  const TreeScope& scope_;
  /// By index in `tracked_`: what lies there now.
  std::vector<std::optional<EntryKind>> found_;
  std::unordered_map<std::string_view, std::size_t> by_path_;
  std::unordered_set<std::string_view> folders_;
};

}  // namespace

std::vector<Tracked> tracked_in(std::string_view lines) {
  std::vector<Tracked> tracked;
  for_each_line(lines, [&](std::string_view line) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) throw Error("listing the working tree: git ls-files answers in an unknown form");
    const std::string_view path = line.substr(tab + 1);
    // A file in conflict is listed once a stage.
    if (!tracked.empty() && tracked.back().path == path) return;
    tracked.push_back({.path = path, .is_submodule = line.starts_with("160000 ")});
  });
  return tracked;
}

std::optional<std::vector<Entry>> if_nothing_else(int root, const std::vector<Tracked>& tracked,
                                                  const TreeScope& scope) {
  Look look(root, tracked, scope);
  if (!look.finds_nothing_else()) return std::nullopt;
  return look.entries();
}

void Listing::add(const std::vector<Tracked>& tracked) {
  for (const auto& [path, is_submodule] : tracked) add(path, is_submodule);
}

void Listing::add_untracked(std::string_view paths) {
  for_each_line(paths, [&](std::string_view path) {
    // git lists a repository inside this one as a folder with a slash.
    if (!path.ends_with('/')) add(path, false);
  });
}

std::vector<Entry> Listing::take() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& left, const Entry& right) { return left.path < right.path; });
  return std::move(entries_);
}

void Listing::add(std::string_view path, bool is_submodule) {
  if (!in_scope(scope_.prefixes, path)) return;
  Entry entry{std::string(path), EntryKind::file, {}};
  const std::optional<EntryKind> kind = kind_at(entry.path, is_submodule);
  if (!kind || leads_through_link(entry.path)) return;
  entry.kind = *kind;
  entries_.push_back(std::move(entry));
}

std::optional<EntryKind> Listing::kind_at(const std::string& path, bool is_submodule) const {
  struct stat facts {};
  if (::fstatat(root_, path.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  return kind_of(facts.st_mode & S_IFMT, is_submodule);
}

/// A tracked file below a folder that has become a symbolic link is not in the working tree any more.
bool Listing::leads_through_link(const std::string& path) {
  const std::string folder(folder_of(path));
  if (folder.empty()) return false;
  if (folder == folder_) return folder_is_linked_;
  struct stat facts {};
  const bool is_link = ::fstatat(root_, folder.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(facts.st_mode);
  const bool linked = is_link || leads_through_link(folder);
  folder_ = folder;
  folder_is_linked_ = linked;
  return linked;
}

}  // namespace flowship::git
