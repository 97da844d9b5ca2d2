#include "git/git_fixture.hpp"
#include "git/repository.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace flowship::git {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

Texts listed(const TestRepository& repo, const TreeScope& scope = {}) {
  const char* const marks[] = {"", "@", "/"};
  Texts paths;
  for (const Entry& entry : Repository::open(repo.path()).worktree_files(scope)) {
    paths.push_back(entry.path + marks[static_cast<std::size_t>(entry.kind)]);
  }
  return paths;
}

struct WorktreeListing : testing::Test {
  WorktreeListing() {
    repo.write(".gitignore", "*.log\n");
    for (const char* flow : {"sign-in", "sign-in-2", "sign in"}) {
      repo.write(std::string("flows/") + flow + "/contents.json", "{}");
    }
    repo.write("readme", "1");
    fs::create_symlink("readme", repo.path() / "link");
    repo.commit("first");
  }
  TestRepository repo;
  const Texts all = {".gitignore",
                     "flows/sign in/contents.json",
                     "flows/sign-in-2/contents.json",
                     "flows/sign-in/contents.json",
                     "link@",
                     "readme"};
};

TEST_F(WorktreeListing, ListsTrackedFilesAsTheyAreNow) {
  EXPECT_EQ(listed(repo), all);
  repo.remove("flows/sign-in/contents.json");
  repo.remove("flows/sign-in-2");
  fs::remove(repo.path() / "readme");
  fs::create_symlink("nowhere", repo.path() / "readme");
  EXPECT_EQ(listed(repo), (Texts{".gitignore", "flows/sign in/contents.json", "link@", "readme@"}));
}

TEST_F(WorktreeListing, ListsUntrackedFilesThatAreNotIgnored) {
  repo.write("flows/sign-in/x.log", "");
  repo.write("flows/new/contents.json", "{}");
  fs::create_directory(repo.path() / "empty");
  fs::create_symlink("nowhere", repo.path() / "untracked-link");
  Texts expected = all;
  expected.insert(expected.begin() + 1, "flows/new/contents.json");
  expected.push_back("untracked-link@");
  EXPECT_EQ(listed(repo), expected);
}

TEST_F(WorktreeListing, OmitsFilesBehindALink) {
  fs::rename(repo.path() / "flows/sign-in", repo.beside("elsewhere"));
  fs::create_directory_symlink(repo.beside("elsewhere"), repo.path() / "flows/sign-in");
  EXPECT_EQ(listed(repo, {{"flows/sign-in"}}), Texts{"flows/sign-in@"});
}

TEST_F(WorktreeListing, SeesAFileInPlaceOfAFolderAndAFolderInPlaceOfAFile) {
  repo.remove("flows/sign-in");
  repo.write("flows/sign-in", "a file");
  repo.remove("readme");
  repo.write("readme/inside", "");
  EXPECT_EQ(listed(repo), (Texts{".gitignore", "flows/sign in/contents.json", "flows/sign-in",
                                 "flows/sign-in-2/contents.json", "link@", "readme/inside"}));
}

TEST_F(WorktreeListing, HonoursTheScope) {
  repo.write("a/b/untracked", "");
  for (const char* prefix : {"a", "a/b", "a/b/untracked", "./a/"}) {
    EXPECT_EQ(listed(repo, {{prefix}}), Texts{"a/b/untracked"}) << prefix;
  }
  EXPECT_EQ(listed(repo, {{"flows", "readme"}}).size(), 4U);
  EXPECT_EQ(listed(repo, {{""}}).size(), all.size() + 1);
}

TEST_F(WorktreeListing, ListsSubmodulesAndConflictsOnce) {
  const TestRepository inner;
  inner.write("x", "1");
  inner.commit("inner");
  const TestRepository outer;
  EXPECT_EQ(listed(outer), Texts());
  outer.write("untracked", "");
  EXPECT_EQ(listed(outer), Texts{"untracked"});
  outer.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path().string(), "sub"});
  outer.commit("base");
  outer.make_conflict("untracked");
  EXPECT_EQ(listed(outer), (Texts{".gitmodules", "sub/", "untracked"}));
}

}  // namespace
}  // namespace flowship::git
