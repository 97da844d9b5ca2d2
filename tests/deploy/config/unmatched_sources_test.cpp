#include "deploy/config/unmatched_sources.hpp"

#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

class UnmatchedSourcesTest : public testing::Test {
 protected:
  UnmatchedSourcesTest() {
    files_.write("ProjectSnapshot/flows/a/contents.json", "{}");
    files_.commit("One");
    files_.write("untracked/b.json", "{}");
  }

  std::vector<UnmatchedSource> of_commit(const std::vector<std::string>& sources) const {
    return unmatched(git::Revision::of_commit(repository_, repository_.commit("HEAD")), sources);
  }
  static std::vector<UnmatchedSource> unmatched(const git::Revision& revision,
                                                const std::vector<std::string>& sources) {
    return unmatched_sources(revision, sources);
  }

  git::TestRepository files_;
  git::Repository repository_ = git::Repository::open(files_.path());
};

TEST_F(UnmatchedSourcesTest, IsSilentWhereEverySourceExists) {
  EXPECT_TRUE(of_commit({}).empty());
  EXPECT_TRUE(of_commit({"ProjectSnapshot", "ProjectSnapshot/flows/a/contents.json"}).empty());
  EXPECT_TRUE(unmatched(git::Revision::of_worktree(repository_), {"untracked", "ProjectSnapshot/flows"}).empty());
}

TEST_F(UnmatchedSourcesTest, ProposesThePlaceThatEndsAlike) {
  const std::vector<UnmatchedSource> found = of_commit({"flows"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].guess, "did you mean `ProjectSnapshot/flows`?") << found[0].sentence;
}

TEST_F(UnmatchedSourcesTest, ProposesASimilarSpelling) {
  const std::vector<UnmatchedSource> found = of_commit({"ProjectSnapshot/flow"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].guess, "did you mean `ProjectSnapshot/flows`?") << found[0].sentence;
}

TEST_F(UnmatchedSourcesTest, ProposesNothingWhereNothingIsSimilar) {
  const std::vector<UnmatchedSource> found = of_commit({"untracked"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].guess, "") << found[0].sentence;
}

}  // namespace
}  // namespace flowship::deploy
