#include "git/git_fixture.hpp"
#include "git/repository.hpp"

#include <gtest/gtest.h>

namespace flowship::git {
namespace {

std::vector<std::string> paths(const std::vector<Entry>& entries) {
  std::vector<std::string> result;
  for (const Entry& entry : entries) result.push_back(entry.path);
  return result;
}

/// `-path`, `+path` or `~path` for what goes, comes or changes.
std::vector<std::string> signs(const std::vector<TreeDifference>& differences) {
  std::vector<std::string> result;
  for (const TreeDifference& difference : differences) {
    if (difference.before && difference.after) {
      result.push_back("~" + difference.after->path);
    } else {
      result.push_back(difference.before ? "-" + difference.before->path : "+" + difference.after->path);
    }
  }
  return result;
}

using Texts = std::vector<std::string>;

TEST(Trees, ListsFilesInGitsOrder) {
  const TestRepository repo;
  repo.write("a.b", "1");
  repo.write("a/x", "2");
  repo.write("a0", "3");
  const Repository repository = Repository::open(repo.path());
  const ObjectId id = *ObjectId::from_hex(repo.commit("first"));
  EXPECT_EQ(paths(repository.files(id)), (Texts{"a.b", "a/x", "a0"}));
  EXPECT_EQ(paths(repository.files(id, {{"a"}})), (Texts{"a/x"}));
  EXPECT_EQ(paths(repository.files(id, {{"./a/", "a0"}})), (Texts{"a/x", "a0"}));
  EXPECT_EQ(paths(repository.files_in(id, "")), (Texts{"a.b", "a0"}));
  EXPECT_EQ(paths(repository.files_in(id, "nowhere")), Texts{});
  EXPECT_EQ(repository.at(id, "a/x")->hex(), repo.git({"rev-parse", "HEAD:a/x"}));
  EXPECT_FALSE(repository.at(id, "a/x/y"));
  EXPECT_EQ(repository.blob(*repository.at(id, "a/x")), "2");
}

TEST(Trees, DiffersWhereFilesComeGoAndChange) {
  const TestRepository repo;
  repo.write("flows/a/contents.json", "1");
  repo.write("flows/b/contents.json", "1");
  repo.write("flows/c/contents.json", "1");
  repo.write("other/x", "1");
  const ObjectId before = *ObjectId::from_hex(repo.commit("before"));
  repo.write("flows/a/contents.json", "2");
  repo.remove("flows/b");
  repo.write("flows/b", "now a file");
  repo.write("other/x", "2");
  const ObjectId after = *ObjectId::from_hex(repo.commit("after"));
  const Repository repository = Repository::open(repo.path());
  EXPECT_EQ(signs(repository.differences(before, after)),
            (Texts{"~flows/a/contents.json", "+flows/b", "-flows/b/contents.json", "~other/x"}));
  EXPECT_EQ(signs(repository.differences(before, after, {{"flows/a"}})), (Texts{"~flows/a/contents.json"}));
  EXPECT_EQ(signs(repository.differences(ObjectId(), before, {{"other"}})), (Texts{"+other/x"}));
  EXPECT_TRUE(repository.differences(after, after).empty());
}

TEST(Trees, WritesNestedChangesAndNoEmptyFolders) {
  const TestRepository repo;
  repo.write("a/b/c", "1");
  repo.write("file", "1");
  const ObjectId commit = *ObjectId::from_hex(repo.commit("base"));
  const Repository repository = Repository::open(repo.path());
  const ObjectId base = repository.facts(commit).tree;
  const ObjectId blob = repository.write_blob("new");
  const ObjectId tree = repository.write_tree(base, {{"a/b/c", std::nullopt},
                                                     {"file/now/folder", Repository::TreeItem{blob}},
                                                     {"x/y", Repository::TreeItem{base, true}}});
  EXPECT_EQ(paths(repository.files(tree)), (Texts{"file/now/folder", "x/y/a/b/c", "x/y/file"}));
  EXPECT_FALSE(repository.at(tree, "a"));
  EXPECT_EQ(repository.write_tree(ObjectId(), {}).hex(), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
}

}  // namespace
}  // namespace flowship::git
