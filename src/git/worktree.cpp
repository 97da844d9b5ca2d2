#include "base/beneath.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"
#include "git/raw_tree.hpp"
#include "git/repository.hpp"
#include "git/users_git.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace flowship::git {

namespace {

Error unreadable(std::string_view path, const std::string& why) {
  return Error("cannot read " + printable(path) + " in the working tree: " + why);
}

Error no_work_tree(const Repository& repository) {
  return Error("cannot open the working tree " + printable(repository.work_directory().string()));
}

/// Has git look only where `scope` looks, as far as its command line can say so; the rest is left to `in_scope`.
void append_pathspecs(std::vector<std::string>& arguments, const TreeScope& scope) {
  constexpr std::size_t most = 256;
  if (scope.prefixes.size() > most) return;
  for (const std::string& prefix : scope.prefixes) {
    // git refuses what lies outside, where there is simply nothing to list.
    if (prefix.empty() || prefix.starts_with('/') || prefix.find("..") != std::string::npos) return;
  }
  arguments.push_back("--");
  arguments.insert(arguments.end(), scope.prefixes.begin(), scope.prefixes.end());
}

/// What lies at `path` now, where git lists it; `mode` is the index's, 0 for an untracked file.
std::optional<EntryKind> kind_at(int root, const std::string& path, unsigned mode) {
  struct stat facts {};
  if (::fstatat(root, path.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  if (mode == 0160000) return S_ISDIR(facts.st_mode) ? std::optional(EntryKind::submodule) : std::nullopt;
  if (S_ISLNK(facts.st_mode)) return EntryKind::symlink;
  if (S_ISREG(facts.st_mode)) return EntryKind::file;
  return std::nullopt;
}

/// A tracked file below a folder that has become a symbolic link is not in the working tree any more.
class LinkedFolders {
 public:
  explicit LinkedFolders(int root) : root_(root) {}

  bool lead_to(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return false;
    const std::string folder = path.substr(0, slash);
    if (folder == last_) return last_linked_;
    struct stat facts {};
    const bool is_link = ::fstatat(root_, folder.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(facts.st_mode);
    const bool linked = is_link || lead_to(folder);
    last_ = folder;
    last_linked_ = linked;
    return linked;
  }

 private:
  int root_;
  std::string last_;
  bool last_linked_ = false;
};

}  // namespace

std::vector<Entry> Repository::worktree_files(const TreeScope& scope) const {
  if (is_bare()) throw Error("a bare repository has no working tree", "name a commit with --rev");
  // git itself knows all of its rules on what is ignored, every kind of index, and is quick.
  std::vector<std::string> arguments{"--literal-pathspecs", "ls-files", "-z", "-t", "--stage", "--cached", "--others",
                                     "--exclude-standard"};
  append_pathspecs(arguments, scope);
  const ProcessResult listing = run_git(*this, arguments);
  if (listing.status != 0) throw Error("listing the working tree: " + complaint(listing));
  if (work_tree_.number() < 0) throw no_work_tree(*this);
  LinkedFolders linked(work_tree_.number());
  std::vector<Entry> result;
  for (std::string_view rest = listing.output; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const bool untracked = line.starts_with("? ");
    const std::size_t start = untracked ? 2 : line.find('\t') + 1;
    if (start < 2) throw Error("listing the working tree: git ls-files answers in an unknown form");
    const std::string path(line.substr(start));
    // git lists a repository inside this one as a folder with a slash.
    if (path.ends_with('/') || !in_scope(scope.prefixes, path)) continue;
    const unsigned mode =
        untracked ? 0 : static_cast<unsigned>(std::strtoul(std::string(line.substr(2, 6)).c_str(), nullptr, 8));
    const auto kind = kind_at(work_tree_.number(), path, mode);
    if (kind && !linked.lead_to(path)) result.push_back({path, *kind, {}});
  }
  const auto by_path = [](const Entry& left, const Entry& right) { return left.path < right.path; };
  std::sort(result.begin(), result.end(), by_path);
  // A file in conflict is listed once a stage.
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::optional<std::string> Repository::worktree_file_if_there(std::string_view path) const {
  if (is_bare()) throw Error("a bare repository has no working tree", "name a commit with --rev");
  if (work_tree_.number() < 0) throw no_work_tree(*this);
  const auto file = open_beneath(work_tree_, path);
  if (!file) return std::nullopt;
  struct stat facts {};
  if (::fstat(file->number(), &facts) != 0) throw unreadable(path, std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) throw unreadable(path, "it is not a regular file");
  std::string bytes;
  if (const int error = file->read_all(bytes, static_cast<std::size_t>(facts.st_size)); error != 0) {
    throw unreadable(path, std::strerror(error));
  }
  return bytes;
}

std::string Repository::worktree_file(std::string_view path) const {
  auto bytes = worktree_file_if_there(path);
  if (!bytes) throw unreadable(path, "there is no such file");
  return std::move(*bytes);
}

}  // namespace flowship::git
