#include "git/revision.hpp"

#include "base/error.hpp"
#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

namespace flowship::git {
namespace {

using Texts = std::vector<std::string>;

Texts paths(const std::vector<Entry>& entries) {
  Texts result;
  for (const Entry& entry : entries) result.push_back(entry.path);
  return result;
}

std::vector<Revision> each_kind(const Repository& repository) {
  return {Revision::of_commit(repository, repository.commit("HEAD")), Revision::of_index(repository),
          Revision::of_worktree(repository)};
}

TEST(Revisions, ReadTheCommitTheIndexOrTheWorkingTree) {
  const TestRepository repo;
  repo.write("a/file", "committed");
  const std::string id = repo.commit("first");
  repo.write("a/file", "staged");
  repo.write("a/new", "staged");
  repo.git({"add", "--all"});
  repo.write("a/file", "edited");
  const Repository repository = Repository::open(repo.path());
  const Revision commit = Revision::of_commit(repository, repository.commit("HEAD"));
  const Revision index = Revision::of_index(repository);
  const Revision worktree = Revision::of_worktree(repository);
  EXPECT_EQ(commit.name(), id);
  EXPECT_EQ(index.name(), "index");
  EXPECT_EQ(worktree.name(), "worktree");
  EXPECT_EQ(commit.read_path("a/file"), "committed");
  EXPECT_EQ(index.read_path("a/file"), "staged");
  EXPECT_EQ(worktree.read_path("a/file"), "edited");
  for (const Revision* revision : {&commit, &index, &worktree}) {
    EXPECT_FALSE(revision->read_path("a/none"));
    EXPECT_FALSE(revision->read_path("a/file/below"));
    EXPECT_FALSE(revision->read_path("none/file"));
    EXPECT_EQ(revision->read(revision->files({{"a/file"}}).at(0)), revision->read_path("a/file"));
  }
  EXPECT_EQ(paths(commit.files()), (Texts{"a/file"}));
  EXPECT_EQ(paths(index.files()), (Texts{"a/file", "a/new"}));
  EXPECT_EQ(paths(worktree.files({{"a"}})), (Texts{"a/file", "a/new"}));
}

TEST(Revisions, KeepStrangePathsAsTheyAre) {
  const TestRepository repo;
  const Texts strange{"-dash",         "H 100644 tag\ttab", "line\nbreak", "quote\"back\\slash",
                      "with space/in", "\xc3\xa9t\xc3\xa9", "\xff\xfe"};
  for (const std::string& path : strange) repo.write(path, path);
  repo.commit("strange");
  const Repository repository = Repository::open(repo.path());
  for (const Revision& revision : each_kind(repository)) {
    EXPECT_EQ(paths(revision.files()), strange);
    for (const Entry& entry : revision.files()) {
      EXPECT_EQ(revision.read(entry), entry.path);
      EXPECT_EQ(revision.read_path(entry.path), entry.path);
    }
  }
}

TEST(Revisions, FollowNoSymbolicLink) {
  const TestRepository repo;
  repo.write("folder/file", "1");
  std::filesystem::create_symlink("folder/file", repo.path() / "link");
  std::filesystem::create_directory_symlink("folder", repo.path() / "linked");
  repo.commit("links");
  const Repository repository = Repository::open(repo.path());
  for (const Revision& revision : each_kind(repository)) {
    const auto files = revision.files();
    ASSERT_EQ(paths(files), (Texts{"folder/file", "link", "linked"})) << revision.name();
    EXPECT_EQ(files[1].kind, EntryKind::symlink);
    EXPECT_THROW(revision.read(files[1]), Error);
    EXPECT_THROW(revision.read_path("link"), Error);
    EXPECT_FALSE(revision.read_path("linked/file"));
  }
  EXPECT_THROW(static_cast<void>(repository.worktree_file("../outside")), Error);
  EXPECT_THROW(static_cast<void>(repository.worktree_file("/etc/passwd")), Error);
}

TEST(Revisions, RecogniseSubmodules) {
  const TestRepository inner;
  inner.write("x", "1");
  inner.commit("inner");
  const TestRepository repo;
  repo.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path().string(), "sub"});
  repo.commit("with submodule");
  const Repository repository = Repository::open(repo.path());
  for (const Revision& revision : each_kind(repository)) {
    const auto files = revision.files();
    ASSERT_EQ(paths(files), (Texts{".gitmodules", "sub"})) << revision.name();
    EXPECT_EQ(files[1].kind, EntryKind::submodule);
  }
}

TEST(WorkingTree, ListsExistingFilesThatAreNotIgnored) {
  const TestRepository repo;
  repo.write(".gitignore", "*.log\n");
  repo.write("a/.gitignore", "secret\n!keep.log\n");
  repo.write("gone", "1");
  repo.write("moved/file", "1");
  repo.commit("first");
  repo.remove("gone");
  repo.write("x.log", "");
  repo.write("a/secret", "");
  repo.write("a/keep.log", "");
  repo.write("a/new", "");
  std::filesystem::rename(repo.path() / "moved", repo.beside("moved"));
  std::filesystem::create_directory_symlink(repo.beside("moved"), repo.path() / "moved");
  repo.git({"init", "--quiet", "nested"});
  const Repository repository = Repository::open(repo.path());
  EXPECT_EQ(paths(repository.worktree_files()), (Texts{".gitignore", "a/.gitignore", "a/keep.log", "a/new", "moved"}));
  EXPECT_EQ(paths(repository.worktree_files({{"a"}})), (Texts{"a/.gitignore", "a/keep.log", "a/new"}));
}

TEST(WorkingTree, TakesScopesLiterally) {
  const TestRepository repo;
  repo.write("a*", "1");
  repo.write("ab", "1");
  repo.write("flows/-x/y", "1");
  const Repository repository = Repository::open(repo.path());
  EXPECT_EQ(paths(repository.worktree_files({{"a*"}})), (Texts{"a*"}));
  EXPECT_EQ(paths(repository.worktree_files({{"./flows/"}})), (Texts{"flows/-x/y"}));
  EXPECT_EQ(paths(repository.worktree_files({{"nowhere", "../elsewhere"}})), Texts{});
  EXPECT_EQ(repository.worktree_files({{"."}}).size(), 3U);
}

TEST(Index, OmitsIntentToAddEntries) {
  const TestRepository repo;
  repo.write("empty", "");
  repo.commit("first");
  repo.write("later", "text");
  repo.git({"add", "--intent-to-add", "later"});
  const Repository repository = Repository::open(repo.path());
  EXPECT_EQ(paths(repository.index_files()), (Texts{"empty"}));
  EXPECT_FALSE(repository.index_entry("later"));
  repo.git({"update-index", "--split-index"});
  const Repository split = Repository::open(repo.path());
  EXPECT_EQ(paths(split.index_files()), (Texts{"empty"}));
  EXPECT_TRUE(split.index_entry("empty"));
  EXPECT_FALSE(split.index_entry("later"));
}

TEST(Index, NamesAConflict) {
  const TestRepository repo;
  repo.write("a", "base");
  repo.commit("base");
  repo.make_conflict("a");
  const Repository repository = Repository::open(repo.path());
  EXPECT_THROW(static_cast<void>(repository.index_files()), Error);
  EXPECT_THROW(static_cast<void>(repository.index_entry("a")), Error);
  EXPECT_EQ(paths(repository.worktree_files()), (Texts{"a"}));
}

}  // namespace
}  // namespace flowship::git
