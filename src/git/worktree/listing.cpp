#include "git/worktree/listing.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "base/files/rooted_files.hpp"
#include "base/text/split.hpp"
#include "git/objects/raw_tree.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace flowship::git {

void Listing::add_tracked(std::string_view lines) {
  std::string_view last;
  for (const std::string_view line : split(lines, '\0')) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) throw Error("listing the working tree: git ls-files printed an unexpected line");
    const std::string_view path = line.substr(tab + 1);
    // A file in conflict is listed once for each stage.
    if (path != last) add(path, line.starts_with("160000 "));
    last = path;
  }
}

void Listing::add_untracked(std::string_view paths) {
  for (const std::string_view path : split(paths, '\0')) {
    // git lists a repository inside this one as a folder with a slash.
    if (!path.ends_with('/')) add(path, false);
  }
}

std::vector<Entry> Listing::take() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& left, const Entry& right) { return left.path < right.path; });
  return std::move(entries_);
}

void Listing::add(std::string_view path, bool is_submodule) {
  if (!in_scope(scope_.prefixes, path)) return;
  limits_.count(path);
  Entry entry{std::string(path), EntryKind::file, {}};
  const std::optional<EntryKind> kind = kind_at(entry.path, is_submodule);
  if (!kind) return;
  entry.kind = *kind;
  entries_.push_back(std::move(entry));
}

std::optional<EntryKind> Listing::kind_at(const std::string& path, bool is_submodule) {
  const int folder = open_folder(folder_of(path));
  struct stat facts {};
  if (folder < 0 || ::fstatat(folder, name_of(path).data(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  if (is_submodule) return S_ISDIR(facts.st_mode) ? std::optional(EntryKind::submodule) : std::nullopt;
  if (S_ISLNK(facts.st_mode)) return EntryKind::symlink;
  if (S_ISREG(facts.st_mode)) return EntryKind::file;
  return std::nullopt;
}

/// Negative if it is gone, or if a folder of its path has become a symbolic link: what git tracks there is no longer in
/// the working tree.
int Listing::open_folder(std::string_view folder) {
  if (folder.empty()) return root_.number();
  if (folder != folder_) {
    folder_ = folder;
    try {
      opened_ = open_below(root_, folder);
    } catch (const Error&) {
      opened_.reset();
    }
  }
  return opened_ ? opened_->number() : -1;
}

}  // namespace flowship::git
