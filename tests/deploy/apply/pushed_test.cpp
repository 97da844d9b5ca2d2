#include "deploy/apply/pushed.hpp"

#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(Pushed, TheServersConfigurationOrTheDefaultBranchSaysWhatDeploys) {
  git::TestRepository files;
  files.write("flowship.json", R"({"environments": {"production": {"branch": "main"}, "staging": {}}})");
  files.commit("Configure");
  const git::Repository repository = git::Repository::open(files.path());
  EXPECT_EQ(BranchPolicy(repository, {}).branch_of("production"), "main");
  EXPECT_EQ(BranchPolicy(repository, {}).branch_of("staging"), "");
  EXPECT_EQ(BranchPolicy(repository, {}).branch_of("other"), "");
  files.git({"config", "flowship.production.branch", "release"});
  const git::Repository again = git::Repository::open(files.path());
  EXPECT_EQ(BranchPolicy(again, {}).branch_of("production"), "release");
}

TEST(Pushed, TheLedgerLiesInTheRepositoryThatWasPushedTo) {
  git::TestRepository files;
  files.write("flowship.json", R"({"environments": {"a": {"ledger": {"remote": "origin"}}}})");
  const git::ObjectId tip = *git::ObjectId::from_hex(files.commit("Configure"));
  const git::Repository repository = git::Repository::open(files.path());
  const Config config = load_pushed_config(git::Revision::of_commit(repository, tip), {});
  EXPECT_EQ(config.environment("a").ledger_remote, "");
}

}  // namespace
}  // namespace flowship::deploy
