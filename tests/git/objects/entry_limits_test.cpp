#include "git/objects/entry_limits.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace flowship::git {
namespace {

TEST(GitFolder, HasManyNames) {
  for (const char* name : {".git", ".GIT", ".gIt", "git~1", "GIT~1", ".git.", ".git ", ".git. .", ".git:stream",
                           ".g\u200cit", "\ufeff.git"}) {
    EXPECT_TRUE(is_git_folder(name)) << name;
  }
  for (const char* name : {"", "git", ".gitignore", ".github", "git~2", "x.git", ".", "flows"}) {
    EXPECT_FALSE(is_git_folder(name)) << name;
  }
  EXPECT_TRUE(leads_into_git("flows/.Git/x"));
  EXPECT_TRUE(leads_into_git(".git"));
  EXPECT_FALSE(leads_into_git("flows/.github/x.git/y"));
}

TEST(EntryLimits, CountEntriesFoldersAndPaths) {
  EntryLimits entries;
  for (std::size_t number = 0; number < EntryLimits::kMostEntries; ++number) entries.count("", 0, "x");
  EXPECT_THROW(entries.count("", 0, "x"), Error);

  EntryLimits folders;
  std::string path;
  for (int depth = 0; depth < EntryLimits::kMostFolders; ++depth) path += "d/";
  folders.count(path + "x");
  EXPECT_THROW(folders.count(path + "d/x"), Error);
  EXPECT_THROW(folders.count("a/.GIT/x"), Error);

  EntryLimits bytes;
  const std::string name(EntryLimits::kMostPathBytes / 2, 'x');
  bytes.count("", 0, name);
  bytes.count("", 0, name);
  EXPECT_THROW(bytes.count("", 0, "x"), Error);
}

}  // namespace
}  // namespace flowship::git
