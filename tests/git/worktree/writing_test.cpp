#include "base/error.hpp"
#include "git/git_fixture.hpp"
#include "git/repository.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flowship::git {
namespace {

using Paths = std::vector<std::string>;

TEST(Uncommitted, ListsWhatIsInNoCommit) {
  const TestRepository files;
  files.write(".gitignore", "ignored.json\n");
  for (const char* name : {"same.json", "changed.json", "staged.json", "gone.json", "f/a b\"ü.json"})
    files.write(name, "1");
  files.commit("first");
  files.write("changed.json", "2");
  files.write("staged.json", "2");
  files.git({"add", "staged.json"});
  files.remove("gone.json");
  files.write("untracked.json", "1");
  files.write("ignored.json", "1");
  files.write("f/a b\"ü.json", "2");
  const Repository repository = Repository::open(files.path());
  EXPECT_EQ(repository.uncommitted({"same.json", "nowhere.json", "no/where.json"}), Paths());
  for (const char* name :
       {"changed.json", "staged.json", "gone.json", "untracked.json", "ignored.json", "f/a b\"ü.json"}) {
    EXPECT_EQ(repository.uncommitted({"same.json", name}), Paths{name});
  }
  EXPECT_EQ(repository.uncommitted({"f"}), Paths{"f/a b\"ü.json"});
  EXPECT_EQ(repository.uncommitted({"*.json"}), Paths()) << "a path is no pattern";
  EXPECT_EQ(repository.uncommitted({}), Paths());
}

TEST(ChangeWorktree, NeverWritesIntoTheGitDirectory) {
  const TestRepository files;
  const Repository repository = Repository::open(files.path());
  repository.change_worktree({{"flows/a.json", "1"}});
  EXPECT_EQ(repository.worktree_file("flows/a.json"), "1");
  repository.change_worktree({{"flows/a.json", std::nullopt}});
  EXPECT_EQ(repository.worktree_file_if_there("flows/a.json"), std::nullopt);
  for (const char* path : {".git/config", "x/.GIT/config", "../x", ".git"}) {
    EXPECT_THROW(repository.change_worktree({{path, "1"}}), Error) << path;
  }
  const TestRepository bare({"--bare"});
  EXPECT_THROW(Repository::open(bare.path()).change_worktree({{"a", "1"}}), Error);
}

}  // namespace
}  // namespace flowship::git
