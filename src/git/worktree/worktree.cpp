#include "base/error.hpp"
#include "base/files/rooted_files.hpp"
#include "base/text/printable.hpp"
#include "git/remote/user_git.hpp"
#include "git/repository.hpp"
#include "git/worktree/listing.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <future>
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

/// Limits git to `scope` as far as a command line can; `in_scope` filters the rest.
void append_pathspecs(std::vector<std::string>& arguments, const TreeScope& scope) {
  constexpr std::size_t most = 256;
  if (scope.prefixes.size() > most) return;
  for (const std::string& prefix : scope.prefixes) {
    // git fails on a path outside, where flowship just finds nothing.
    if (prefix.empty() || prefix.starts_with('/') || prefix.find("..") != std::string::npos) return;
  }
  arguments.push_back("--");
  arguments.insert(arguments.end(), scope.prefixes.begin(), scope.prefixes.end());
}

}  // namespace

std::vector<Entry> Repository::worktree_files(const TreeScope& scope) const {
  if (is_bare()) throw Error("a bare repository has no working tree", "name a commit with --rev");
  if (work_tree_.number() < 0) throw no_work_tree(*this);
  // git knows all of its ignore rules and every kind of index, and is fast.
  const auto list = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--literal-pathspecs", "ls-files", "-z"});
    append_pathspecs(arguments, scope);
    ProcessResult listing = run_git(*this, arguments);
    if (listing.status != 0) throw Error("listing the working tree: " + complaint(listing));
    return std::move(listing.output);
  };
  // Looking for untracked files takes git longest.
  std::future<std::string> untracked = std::async(std::launch::async, [&] {
    return list({"--others", "--exclude-standard"});
  });
  Listing listing(work_tree_, scope);
  listing.add_tracked(list({"--cached", "--stage"}));
  listing.add_untracked(untracked.get());
  return listing.take();
}

std::optional<std::string> Repository::worktree_file_if_there(std::string_view path, const SizeLimit& limit) const {
  if (is_bare()) throw Error("a bare repository has no working tree", "name a commit with --rev");
  if (work_tree_.number() < 0) throw no_work_tree(*this);
  const auto file = open_below(work_tree_, path);
  if (!file) return std::nullopt;
  struct stat facts {};
  if (::fstat(file->number(), &facts) != 0) throw unreadable(path, std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) throw unreadable(path, "it is not a regular file");
  limit.expect(path, static_cast<std::uintmax_t>(facts.st_size));
  std::string bytes;
  if (const int error = file->read_all(bytes, static_cast<std::size_t>(facts.st_size)); error != 0) {
    throw unreadable(path, std::strerror(error));
  }
  return bytes;
}

std::string Repository::worktree_file(std::string_view path, const SizeLimit& limit) const {
  auto bytes = worktree_file_if_there(path, limit);
  if (!bytes) throw unreadable(path, "there is no such file");
  return std::move(*bytes);
}

}  // namespace flowship::git
