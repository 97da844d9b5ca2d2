#include "deploy/plan/flow_index.hpp"

#include "deploy/flows.hpp"
#include "deploy/plan/checks/id_conflicts.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

class FlowIndexTest : public testing::Test {
 protected:
  FlowIndexTest() {
    workshop_.write_flow("user", "user", "used");
    workshop_.write_flow("used", "used");
    for (const auto& [file, text] :
         {std::pair("metadata", R"({"name": "Snap", "sharedInteractions": [{"id": "back"}], "screens": []})"),
          std::pair("contents", R"({"startTask": "s", "tasks": {}})")}) {
      workshop_.files().write("flows/snap/" + std::string(file) + ".json", text);
    }
    workshop_.commit();
  }

  /// Of `HEAD`, and of the working tree, which is read in another way.
  template <typename Work>
  void in_both(Work work) {
    const git::Repository repository = git::Repository::open(workshop_.files().path());
    const git::Revision commit = git::Revision::of_commit(repository, repository.commit("HEAD"));
    const git::Revision worktree = git::Revision::of_worktree(repository);
    for (const git::Revision* revision : {&commit, &worktree}) {
      SCOPED_TRACE(revision->name());
      work(FlowIndex(*revision, {}));
    }
  }

  Workshop workshop_;
};

TEST_F(FlowIndexTest, FindsFlowsOfEveryLayoutById) {
  in_both([](FlowIndex index) {
    EXPECT_EQ(index.sources().at("snap"), std::vector<std::string>{"flows/snap"});
    EXPECT_EQ(index.sources().at("used"), std::vector<std::string>{"used.json"});
    EXPECT_EQ(index.sources().size(), 3U);
    EXPECT_EQ(check::summary_of(*index.find("snap")).shared_interactions, std::set<std::string>{"back"});
    EXPECT_EQ(check::summary_of(*index.find("user")).subflows, std::set<std::string>{"used"});
    EXPECT_FALSE(index.find("nobody"));
    EXPECT_FALSE(index.find("../used"));
    index.look_first_in("flows");
    EXPECT_TRUE(index.find("snap"));
  });
}

TEST_F(FlowIndexTest, NamesTheUsersOfASubflow) {
  workshop_.files().write("talker.json", R"({"flowId": "talker", "metadata": {"name": "used"}, "contents": {}})");
  workshop_.commit();
  in_both([](const FlowIndex& index) {
    EXPECT_EQ(index.users_of("used"), std::vector<std::string>{"user"}) << "a flow that only says the word is none";
    EXPECT_EQ(index.users_of("user"), std::vector<std::string>());
    EXPECT_EQ(index.naming({"used"}).size(), 3U);
  });
}

TEST(SummaryOf, SaysWhatAFlowOffersAndUses) {
  const check::FlowSummary none = check::summary_of(small_flow("a", "A"));
  EXPECT_TRUE(none.shared_interactions.empty());
  EXPECT_TRUE(none.subflows.empty());
}

TEST_F(FlowIndexTest, AddsConflictsOfWhatWasReadWithTheRest) {
  workshop_.files().write("copy/used.json", workshop_.files().git({"show", "HEAD:used.json"}));
  workshop_.write_flow("USER", "USER");
  workshop_.commit();
  in_both([](const FlowIndex& index) {
    flow::Reading reading;
    add_id_conflicts(index, reading);
    EXPECT_TRUE(reading.problems.empty()) << "none of the flows that were read is concerned";
    reading.flows = {small_flow("used", "used"), small_flow("user", "user")};
    add_id_conflicts(index, reading);
    add_id_conflicts(index, reading);
    ASSERT_EQ(reading.problems.size(), 2U);
    std::set<flow::ProblemKind> kinds;
    for (const flow::Problem& problem : reading.problems) kinds.insert(problem.kind);
    EXPECT_EQ(kinds, (std::set{flow::ProblemKind::duplicate_id, flow::ProblemKind::id_case}));
  });
}

}  // namespace
}  // namespace flowship::deploy
