#include "deploy/plan/diff.hpp"

#include "deploy/workshop.hpp"
#include "git/revision.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace flowship::deploy {
namespace {

class DiffTest : public testing::Test {
 protected:
  DiffTest() {
    for (const char* id : {"changed", "gone", "kept"}) workshop_.write_flow(id, id);
    workshop_.commit();
    workshop_.write_flow("changed", "new");
    workshop_.write_flow("added", "added");
    workshop_.files().remove("gone.json");
    workshop_.files().git({"mv", "kept.json", "moved.json"});
  }

  /// `a create, b update`.
  static std::string text_of(const Diff& diff) {
    std::string text;
    for (const Change& change : diff.changes) {
      text += (text.empty() ? "" : ", ") + change.flow_id + " " + std::string(to_text(change.action));
      EXPECT_EQ(change.before.has_value(), change.action != Action::create);
      EXPECT_EQ(change.flow.has_value(), change.action != Action::remove);
    }
    return text;
  }

  Workshop workshop_;
};

TEST_F(DiffTest, ComparesTwoCommitsAndTheWorkingTreeAlike) {
  const git::Repository repository = git::Repository::open(workshop_.files().path());
  const git::Revision before = git::Revision::of_commit(repository, repository.commit("HEAD"));
  const std::string expected = "added create, changed update, gone delete";
  const Diff of_worktree = diff(before, git::Revision::of_worktree(repository), {});
  EXPECT_EQ(text_of(of_worktree), expected);
  EXPECT_EQ(of_worktree.after, "worktree");
  workshop_.commit();
  EXPECT_EQ(text_of(diff(before, git::Revision::of_commit(repository, repository.commit("HEAD")), {})), expected);
}

TEST_F(DiffTest, AFlowThatCannotBeReadIsAWarning) {
  const git::Repository repository = git::Repository::open(workshop_.files().path());
  const git::Revision before = git::Revision::of_commit(repository, repository.commit("HEAD"));
  workshop_.files().write("changed.json", "{");
  const Diff found = diff(before, git::Revision::of_worktree(repository), {});
  EXPECT_EQ(text_of(found), "added create, gone delete");
  ASSERT_EQ(found.warnings.size(), 1U);
  EXPECT_TRUE(found.warnings[0].starts_with("`changed` is not compared")) << found.warnings[0];
  EXPECT_NE(found.warnings[0].find("changed.json:1"), std::string::npos) << found.warnings[0];
}

TEST_F(DiffTest, AnIdThatIsGivenTwiceIsComparedPlaceByPlace) {
  workshop_.files().git({"reset", "--quiet", "--hard"});
  workshop_.files().remove("added.json");
  const std::string text = workshop_.files().git({"show", "HEAD:kept.json"});
  workshop_.files().write("copy.json", text);
  workshop_.commit();
  workshop_.files().write("copy.json", std::regex_replace(text, std::regex("End"), "Finish"));
  const git::Repository repository = git::Repository::open(workshop_.files().path());
  const Diff found =
      diff(git::Revision::of_commit(repository, repository.commit("HEAD")), git::Revision::of_worktree(repository), {});
  EXPECT_EQ(text_of(found), "kept update");
  EXPECT_EQ(found.changes.at(0).paths, std::vector<std::string>{"copy.json"});
}

}  // namespace
}  // namespace flowship::deploy
