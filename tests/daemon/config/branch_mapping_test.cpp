#include "daemon/config/branch_mapping.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

BranchFacts deploys(std::set<std::string> environments) {
  return {.tip = {}, .deploys = std::move(environments), .broken = {}};
}

BranchFacts broken() { return {.tip = {}, .deploys = {}, .broken = "line 3 is wrong"}; }

TEST(BranchMapping, UsesTheBranchThatClaimsIt) {
  const BranchMapping mapping =
      branch_of("production", {{"main", deploys({"production"})}, {"next", deploys({"staging"})}}, "");
  EXPECT_EQ(mapping.branch, "main");
  EXPECT_FALSE(mapping.is_fault);
}

TEST(BranchMapping, NoBranchIsNoFault) {
  const BranchMapping mapping = branch_of("production", {{"main", deploys({"staging"})}}, "main");
  EXPECT_EQ(mapping.branch, "");
  EXPECT_NE(mapping.why_not.find("no branch claims"), std::string::npos);
  EXPECT_FALSE(mapping.is_fault);
}

TEST(BranchMapping, SeveralBranchesAreAFault) {
  const BranchMapping mapping =
      branch_of("production", {{"main", deploys({"production"})}, {"evil", deploys({"production"})}}, "main");
  EXPECT_EQ(mapping.branch, "");
  EXPECT_TRUE(mapping.is_fault);
  EXPECT_NE(mapping.why_not.find("evil, main"), std::string::npos);
}

TEST(BranchMapping, KeepsABranchWhoseFileIsBroken) {
  EXPECT_EQ(branch_of("production", {{"main", broken()}}, "main").branch, "main");
  const BranchMapping unknown = branch_of("production", {{"main", broken()}}, "");
  EXPECT_EQ(unknown.branch, "");
  EXPECT_TRUE(unknown.is_fault);
  EXPECT_NE(unknown.why_not.find("line 3 is wrong"), std::string::npos);
}

}  // namespace
}  // namespace flowship::daemon
