#include "deploy/pull/adopt.hpp"

#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

class AdoptTest : public testing::Test {
 protected:
  AdoptTest() {
    workshop_.deploy_flows({"a", "b"});
    workshop_.write_flow("a", "a", "b");
    workshop_.write_flow("b", "new");
    workshop_.commit();
    workshop_.edit_in_console("a", "by hand");
  }

  DeployResult adopted() const {
    DeployOptions options = workshop_.options();
    options.request.on_drift = OnDrift::adopt;
    return workshop_.deploy_with(options);
  }

  Workshop workshop_;
};

TEST_F(AdoptTest, WritesWhatWasEditedIntoItsSourceAndSendsNothing) {
  const DeployResult result = adopted();
  EXPECT_EQ(outcomes(result), "b skipped, a drifted");
  EXPECT_TRUE(result.deployment->adopted);
  EXPECT_EQ(result.deployment->flows[1].paths, std::vector<std::string>{"a.json"});
  EXPECT_EQ(workshop_.files().git({"status", "--short"}), " M a.json");
  EXPECT_NE(workshop_.files().git({"diff"}).find("by hand"), std::string::npos);
  EXPECT_NE(workshop_.files().git({"grep", "--no-index", "-h", "b", "a.json"}).find("\"b\""), std::string::npos);
  EXPECT_EQ(workshop_.live("b").find("new"), std::string::npos);
}

TEST_F(AdoptTest, LeavesAFlowInConflictAsItIs) {
  workshop_.write_flow("a", "mine");
  const DeployResult result = adopted();
  ASSERT_EQ(result.deployment->conflicts.size(), 1U);
  EXPECT_EQ(result.deployment->conflicts[0].flow_id, "a");
  EXPECT_NE(workshop_.files().git({"diff"}).find("mine"), std::string::npos);
}

TEST_F(AdoptTest, LeavesARemovedFlowThatWasEdited) {
  workshop_.edit_in_console("b", "by hand");
  workshop_.files().remove("b.json");
  workshop_.configure(R"("prune": true)");
  workshop_.commit();
  const DeployResult result = adopted();
  EXPECT_EQ(outcomes(result), "a drifted");
  EXPECT_TRUE(result.deployment->conflicts.empty());
  EXPECT_EQ(result.deployment->left_behind, std::vector<std::string>{"b"});
  ASSERT_FALSE(result.deployment->warnings.empty());
  EXPECT_NE(result.deployment->warnings.back().find("flowship pull b --env default --theirs"), std::string::npos);
}

TEST(ExpectWorkingTree, RefusesABareRepository) {
  const git::TestRepository bare({"--bare"});
  const git::Repository repository = git::Repository::open(bare.path());
  const git::ObjectId tree = repository.write_tree({}, {});
  const Workspace workspace(repository, git::Revision::of_tree(repository, tree, tree), std::nullopt, "");
  EXPECT_THROW(expect_working_tree(workspace), Error);
}

TEST(BeyondSourceText, NamesFlowPlaceAndEnvironment) {
  const std::string text = beyond_source_text("a", "/metadata/name", "production");
  for (const char* part : {"`a`", "/metadata/name", "`production`", "flowship.json"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace flowship::deploy
