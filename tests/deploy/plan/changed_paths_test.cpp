#include "deploy/plan/changed_paths.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

git::Entry file(const std::string& path, char digit = 'a') {
  git::Entry entry;
  entry.path = path;
  entry.id = digit == '0' ? git::ObjectId() : *git::ObjectId::from_hex(std::string(40, digit));
  return entry;
}

std::string paths(const std::vector<git::Entry>& files) {
  std::string text;
  for (const git::Entry& each : files) text += (text.empty() ? "" : " ") + each.path;
  return text;
}

TEST(Differences, AreWhatHasAnotherBlobOrIsOnOneSide) {
  const auto found = differences({file("same"), file("other", 'a'), file("gone")},
                                 {file("new"), file("other", 'b'), file("same"), file("z", '0')});
  ASSERT_EQ(found.size(), 4U);
  EXPECT_FALSE(found[0].after);
  EXPECT_EQ(found[0].before->path, "gone");
  EXPECT_FALSE(found[1].before);
  EXPECT_EQ(found[1].after->path, "new");
  EXPECT_EQ(found[2].before->path, "other");
  EXPECT_EQ(found[2].after->path, "other");
  EXPECT_EQ(found[3].after->path, "z");
}

TEST(Differences, AFileOfTheWorkingTreeAlwaysCounts) {
  EXPECT_EQ(differences({file("a", 'a')}, {file("a", '0')}).size(), 1U);
}

Sides sides(const std::vector<git::Entry>& before, const std::vector<git::Entry>& after) {
  return {.differences = differences(before, after), .before = folders_of(before), .after = folders_of(after)};
}

TEST(Touched, IsTheWholeFolderOfASnapshotsFlow) {
  const std::vector<git::Entry> before{file("flows/a/contents.json"), file("flows/a/metadata.json"),
                                       file("flows/b/contents.json"), file("flows/b/metadata.json")};
  std::vector<git::Entry> after = before;
  after[0].id = *git::ObjectId::from_hex(std::string(40, 'c'));
  const Touched files = touched(sides(before, after));
  EXPECT_EQ(paths(files.before), "flows/a/contents.json flows/a/metadata.json");
  EXPECT_EQ(paths(files.after), paths(files.before));
}

TEST(Touched, IsTheFileAloneInOtherLayouts) {
  const Touched files = touched(sides({file("x/a.json"), file("x/b.json")}, {file("x/a.json", 'b'), file("x/b.json")}));
  EXPECT_EQ(paths(files.before), "x/a.json");
  EXPECT_EQ(paths(files.after), "x/a.json");
}

TEST(Touched, LeavesOutListsAndWhatIsNoJson) {
  const Touched files = touched(sides({}, {file("flows/flows.json"), file("README.md"), file("a.json")}));
  EXPECT_EQ(paths(files.after), "a.json");
}

TEST(Touched, TakesFurtherFoldersOnBothSides) {
  const std::vector<git::Entry> all{file("x/a.json"), file("y/b.json")};
  const Touched files = touched(sides(all, all), {"y"});
  EXPECT_EQ(paths(files.before), "y/b.json");
  EXPECT_EQ(paths(files.after), "y/b.json");
}

TEST(Touched, ALinkConcernsTheFlowOfItsFolderOnBothSides) {
  std::vector<git::Entry> after{file("flows/a/contents.json"), file("flows/a/link")};
  after[1].kind = git::EntryKind::symlink;
  const Touched files = touched(sides({file("flows/a/contents.json")}, after));
  EXPECT_EQ(paths(files.before), "flows/a/contents.json");
  EXPECT_EQ(paths(files.after), "flows/a/contents.json flows/a/link");
}

}  // namespace
}  // namespace flowship::deploy
