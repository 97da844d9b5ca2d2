#include "base/error.hpp"
#include "base/files/rooted_files.hpp"
#include "base/text/printable.hpp"
#include "base/text/split.hpp"
#include "git/objects/entry_limits.hpp"
#include "git/remote/user_git.hpp"
#include "git/repository.hpp"

namespace flowship::git {

namespace {

void expect_working_tree(const Repository& repository) {
  if (repository.is_bare()) throw Error("a bare repository has no working tree", "use a clone of it");
}

}  // namespace

std::vector<std::string> Repository::uncommitted(const std::vector<std::string>& paths, Ignored ignored) const {
  expect_working_tree(*this);
  if (paths.empty()) return {};
  std::vector<std::string> arguments{"--literal-pathspecs",
                                     "status",
                                     "--porcelain=v1",
                                     "-z",
                                     "--untracked-files=all",
                                     "--no-renames",
                                     ignored == Ignored::included ? "--ignored=matching" : "--ignored=no",
                                     "--"};
  arguments.insert(arguments.end(), paths.begin(), paths.end());
  const ProcessResult status = run_git(*this, arguments);
  if (status.status != 0) throw Error("looking for uncommitted changes: " + complaint(status));
  std::vector<std::string> found;
  for (const std::string_view line : split(status.output, '\0')) {
    // After two letters of state and a space.
    constexpr std::size_t kState = 3;
    if (line.size() > kState) found.emplace_back(line.substr(kState));
  }
  return found;
}

void Repository::change_worktree(const std::map<std::string, std::optional<std::string>>& changes) const {
  expect_working_tree(*this);
  for (const auto& [path, bytes] : changes) {
    if (leads_into_git(path)) throw Error("cannot write " + printable(path) + ": it leads into a git directory");
  }
  change_files(work_directory(), changes);
}

}  // namespace flowship::git
