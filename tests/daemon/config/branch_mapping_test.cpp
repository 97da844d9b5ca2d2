#include "daemon/config/branch_mapping.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

const std::map<std::string, git::ObjectId> kHeads{{"main", {}}, {"next", {}}, {"evil", {}}};

DefaultBranch main_names(std::map<std::string, std::string> branches) {
  return {.name = "main", .tip = {}, .branches = std::move(branches), .broken = {}};
}

DefaultBranch broken() { return {.name = "main", .tip = {}, .branches = {}, .broken = "line 3 is wrong"}; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(BranchMapping, UsesTheBranchThatTheDefaultBranchNames) {
  const DefaultBranch names = main_names({{"production", "main"}, {"staging", "next"}});
  EXPECT_EQ(branch_of("production", "", kHeads, names, "").branch, "main");
  EXPECT_EQ(branch_of("staging", "", kHeads, names, "main").branch, "next");
}

TEST(BranchMapping, TheOperatorsBranchComesFirst) {
  const DefaultBranch names = main_names({{"production", "main"}});
  EXPECT_EQ(branch_of("production", "next", kHeads, names, "").branch, "next");
  EXPECT_EQ(branch_of("production", "next", kHeads, broken(), "").branch, "next");
  EXPECT_EQ(branch_of("production", "next", kHeads, {}, "").branch, "next");
}

TEST(BranchMapping, ABranchThatDoesNotExistIsAwaited) {
  for (const BranchMapping& mapping :
       {branch_of("production", "release", kHeads, main_names({{"production", "main"}}), "main"),
        branch_of("production", "", kHeads, main_names({{"production", "release"}}), "main")}) {
    EXPECT_EQ(mapping.branch, "");
    EXPECT_TRUE(has(mapping.why_not, "names branch release, which does not exist")) << mapping.why_not;
    EXPECT_FALSE(mapping.is_fault);
  }
}

TEST(BranchMapping, WithoutADefaultBranchNoneIsUsed) {
  EXPECT_TRUE(has(branch_of("production", "", kHeads, {}, "").why_not, "no default branch"));
  EXPECT_TRUE(has(branch_of("production", "", {}, main_names({}), "").why_not, "branch main does not exist yet"));
}

TEST(BranchMapping, AnEnvironmentThatTheDefaultBranchDoesNotNameIsNoFault) {
  const BranchMapping mapping = branch_of("production", "", kHeads, main_names({{"staging", "main"}}), "main");
  EXPECT_EQ(mapping.branch, "");
  EXPECT_TRUE(has(mapping.why_not, "names no branch for it")) << mapping.why_not;
  EXPECT_FALSE(mapping.is_fault);
}

TEST(BranchMapping, ABrokenDefaultBranchIsNoLeaveForAnother) {
  EXPECT_EQ(branch_of("production", "", kHeads, broken(), "main").branch, "main") << "its job reports the fault";
  for (const char* before : {"", "next"}) {
    const BranchMapping mapping = branch_of("production", "", kHeads, broken(), before);
    EXPECT_EQ(mapping.branch, "");
    EXPECT_TRUE(mapping.is_fault);
    EXPECT_TRUE(has(mapping.why_not, "line 3 is wrong")) << mapping.why_not;
  }
}

}  // namespace
}  // namespace flowship::daemon
