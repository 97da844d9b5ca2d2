#include "git/worktree/listing.hpp"

#include "base/files/descriptor.hpp"
#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace flowship::git {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

Texts paths_of(const std::vector<Entry>& entries) {
  Texts paths;
  for (const Entry& entry : entries) paths.push_back(entry.path);
  return paths;
}

/// What the two ways to list a working tree say.
struct Answers {
  std::optional<std::vector<Entry>> at_a_look;
  std::vector<Entry> one_by_one;
};

Answers listed(const TestRepository& repo, const TreeScope& scope = {}) {
  const Descriptor root(::open(repo.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const std::string lines = repo.git({"ls-files", "-z", "--stage"});
  const std::vector<Tracked> tracked = tracked_in(lines);
  Listing listing(root.number(), scope);
  listing.add(tracked);
  listing.add_untracked(repo.git({"ls-files", "-z", "--others", "--exclude-standard"}));
  return {if_nothing_else(root.number(), tracked, scope), listing.take()};
}

void write_flows(const TestRepository& repo) {
  repo.write(".gitignore", "*.log\n");
  for (const char* flow : {"sign-in", "sign-in-2", "sign in"}) {
    for (const char* file : {"contents.json", "metadata.json"}) {
      repo.write(std::string("flows/") + flow + "/" + file, "{}");
    }
  }
  repo.write("readme", "1");
  fs::create_symlink("readme", repo.path() / "link");
  repo.commit("first");
}

TEST(WorktreeListing, NeedsNoMoreThanALookWhereAllIsTracked) {
  const TestRepository repo;
  write_flows(repo);
  const Answers all = listed(repo);
  ASSERT_TRUE(all.at_a_look);
  EXPECT_EQ(*all.at_a_look, all.one_by_one);
  EXPECT_EQ(all.one_by_one.size(), 9U);

  repo.remove("flows/sign-in/metadata.json");
  repo.remove("flows/sign-in-2");
  fs::remove(repo.path() / "readme");
  fs::create_symlink("nowhere", repo.path() / "readme");
  const Answers fewer = listed(repo);
  ASSERT_TRUE(fewer.at_a_look);
  EXPECT_EQ(*fewer.at_a_look, fewer.one_by_one);
  EXPECT_EQ(paths_of(fewer.one_by_one),
            (Texts{".gitignore", "flows/sign in/contents.json", "flows/sign in/metadata.json",
                   "flows/sign-in/contents.json", "link", "readme"}));
  EXPECT_EQ(fewer.one_by_one.back().kind, EntryKind::symlink);
}

TEST(WorktreeListing, LeavesToGitWhatIsNotTracked) {
  const std::vector<std::function<void(const TestRepository&)>> surprises = {
      [](const TestRepository& repo) { repo.write("flows/sign-in/screen-a.json", "{}"); },
      [](const TestRepository& repo) { repo.write("new", ""); },
      [](const TestRepository& repo) { repo.write("flows/new/contents.json", "{}"); },
      [](const TestRepository& repo) { repo.write("flows/x.log", ""); },
      [](const TestRepository& repo) { fs::create_directory(repo.path() / "empty"); },
      [](const TestRepository& repo) {
        repo.remove("readme");
        repo.write("readme/inside", "");
      },
      [](const TestRepository& repo) {
        fs::rename(repo.path() / "flows/sign-in", repo.beside("elsewhere"));
        fs::create_directory_symlink(repo.beside("elsewhere"), repo.path() / "flows/sign-in");
      },
      [](const TestRepository& repo) {
        repo.remove("flows/sign-in");
        repo.write("flows/sign-in", "a file");
      },
  };
  for (std::size_t number = 0; number < surprises.size(); ++number) {
    const TestRepository repo;
    write_flows(repo);
    surprises[number](repo);
    EXPECT_FALSE(listed(repo).at_a_look) << number;
    EXPECT_TRUE(listed(repo, {{"flows/sign-in-2"}}).at_a_look) << number << ", outside of the scope";
  }
}

TEST(WorktreeListing, LooksWhereTheScopeLeads) {
  const TestRepository repo;
  write_flows(repo);
  repo.write("a/b/untracked", "");
  for (const char* prefix : {"a", "a/b", "a/b/untracked", "./a/", ""}) {
    EXPECT_FALSE(listed(repo, {{prefix}}).at_a_look) << prefix;
  }
  const Answers flows = listed(repo, {{"flows", "readme"}});
  ASSERT_TRUE(flows.at_a_look);
  EXPECT_EQ(*flows.at_a_look, flows.one_by_one);
  EXPECT_EQ(flows.one_by_one.size(), 7U);
}

TEST(WorktreeListing, KnowsSubmodulesConflictsAndAnEmptyIndex) {
  const TestRepository inner;
  inner.write("x", "1");
  inner.commit("inner");
  const TestRepository repo;
  EXPECT_TRUE(listed(repo).at_a_look) << "nothing is there at all";
  repo.write("untracked", "");
  EXPECT_FALSE(listed(repo).at_a_look);
  repo.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path().string(), "sub"});
  repo.commit("base");
  repo.make_conflict("untracked");
  const Answers answers = listed(repo);
  ASSERT_TRUE(answers.at_a_look);
  EXPECT_EQ(*answers.at_a_look, answers.one_by_one);
  EXPECT_EQ(paths_of(answers.one_by_one), (Texts{".gitmodules", "sub", "untracked"}));
  EXPECT_EQ(answers.one_by_one[1].kind, EntryKind::submodule);
}

}  // namespace
}  // namespace flowship::git
