#include "deploy/apply/pushed.hpp"

#include "base/error.hpp"
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

TEST(Pushed, NoBranchGainsTheProjectOfAnotherEnvironment) {
  git::TestRepository files;
  files.write("flowship.json",
              R"({"environments": {"production": {"projectId": "P1"}, "staging": {"projectId": "P2"}}})");
  files.commit("Configure");
  const git::Repository repository = git::Repository::open(files.path());
  Environment staging;
  staging.name = "staging";
  staging.project_id = "P2";
  EXPECT_NO_THROW(BranchPolicy(repository, {}).check_project(staging));
  staging.project_id = "P1";
  EXPECT_THROW(BranchPolicy(repository, {}).check_project(staging), Error);
  files.git({"config", "flowship.staging.projectId", "P1"});
  EXPECT_NO_THROW(BranchPolicy(git::Repository::open(files.path()), {}).check_project(staging));
  files.git({"config", "--unset", "flowship.staging.projectId"});
  files.git({"config", "flowship.production.projectId", "P3"});
  staging.project_id = "P3";
  EXPECT_THROW(BranchPolicy(git::Repository::open(files.path()), {}).check_project(staging), Error);
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
