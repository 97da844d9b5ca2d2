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

  std::vector<std::string> of_commit(const std::vector<std::string>& sources) const {
    return unmatched(git::Revision::of_commit(repository_, repository_.commit("HEAD")), sources);
  }
  static std::vector<std::string> unmatched(const git::Revision& revision, const std::vector<std::string>& sources) {
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
  const std::vector<std::string> sentences = of_commit({"flows"});
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_NE(sentences[0].find("did you mean `ProjectSnapshot/flows`?"), std::string::npos) << sentences[0];
}

TEST_F(UnmatchedSourcesTest, ProposesASimilarSpelling) {
  const std::vector<std::string> sentences = of_commit({"ProjectSnapshot/flow"});
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_NE(sentences[0].find("did you mean `ProjectSnapshot/flows`?"), std::string::npos) << sentences[0];
}

TEST_F(UnmatchedSourcesTest, ProposesNothingWhereNothingIsSimilar) {
  const std::vector<std::string> sentences = of_commit({"untracked"});
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_EQ(sentences[0].find("did you mean"), std::string::npos) << sentences[0];
}

}  // namespace
}  // namespace flowship::deploy
