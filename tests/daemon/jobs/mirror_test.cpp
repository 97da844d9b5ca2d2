#include "daemon/jobs/mirror.hpp"

#include "base/error.hpp"
#include "git/git_fixture.hpp"
#include "git/remote/remote_url.hpp"
#include "git/repository.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace flowship::daemon {
namespace {

class MirrorTest : public testing::Test {
 protected:
  MirrorTest() {
    origin.write("a.json", "{}");
    tip = origin.commit("First");
  }

  std::string mirrored(const std::string& revision) const {
    return origin.git_in(mirror.folder(), {"rev-parse", revision});
  }
  std::string tip_of(const std::string& branch) const {
    const auto heads = mirror.heads();
    const auto found = heads.find(branch);
    return found == heads.end() ? "" : found->second.hex();
  }

  git::TestRepository origin{{"--initial-branch=main"}};
  std::string tip;
  StopSignal stop;
  Mirror mirror{origin.beside("data/mirrors/flows.git"), origin.path().string(), stop};
};

TEST_F(MirrorTest, HasTheBranchesOfTheRemote) {
  origin.git({"branch", "next"});
  origin.git({"tag", "v1"});
  mirror.fetch();
  EXPECT_EQ(mirror.heads().size(), 2U);
  EXPECT_EQ(tip_of("main"), tip);
  origin.git({"branch", "-D", "next"});
  origin.write("a.json", "[]");
  tip = origin.commit("Second");
  origin.git({"commit", "--quiet", "--amend", "--message", "Rewritten"});
  mirror.fetch();
  EXPECT_EQ(mirror.heads().size(), 1U);
  EXPECT_EQ(tip_of("main"), origin.git({"rev-parse", "main"}));
}

TEST_F(MirrorTest, KnowsTheDefaultBranch) {
  mirror.fetch();
  EXPECT_EQ(mirror.default_branch(), "main");
  origin.git({"branch", "a/HEAD"});
  origin.git({"branch", "trunk"});
  origin.git({"symbolic-ref", "HEAD", "refs/heads/trunk"});
  mirror.fetch();
  EXPECT_EQ(mirror.default_branch(), "trunk");
  // Also without a move of a branch, after a while.
  origin.git({"symbolic-ref", "HEAD", "refs/heads/missing"});
  for (int fetches = 0; fetches < 60; ++fetches) mirror.fetch();
  EXPECT_EQ(mirror.default_branch(), "");
  EXPECT_EQ(tip_of("main"), tip);
}

TEST_F(MirrorTest, KeepsLedgers) {
  origin.git({"update-ref", "refs/flowship/production", tip});
  mirror.fetch();
  EXPECT_EQ(origin.git_in(mirror.folder(), {"for-each-ref", "refs/flowship"}), "");
  origin.git_in(mirror.folder(), {"update-ref", "refs/flowship/staging", tip});
  mirror.fetch();
  EXPECT_EQ(mirrored("refs/flowship/staging"), tip);
}

TEST_F(MirrorTest, ReportsFailuresAndRecovers) {
  mirror.fetch();
  const std::filesystem::path away = origin.beside("away");
  std::filesystem::rename(origin.path(), away);
  try {
    mirror.fetch();
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("fatal:"), std::string::npos) << error.message();
  }
  EXPECT_EQ(tip_of("main"), tip);
  std::filesystem::rename(away, origin.path());
  EXPECT_TRUE(mirror.fetch().empty());
}

TEST_F(MirrorTest, IsRecreatedIfMissing) {
  mirror.fetch();
  std::filesystem::remove_all(mirror.folder());
  mirror.fetch();
  EXPECT_EQ(tip_of("main"), tip);
}

TEST_F(MirrorTest, RestoresMissingParts) {
  mirror.fetch();
  origin.git_in(mirror.folder(), {"update-ref", "refs/flowship/production", tip});
  std::filesystem::remove(mirror.folder() / "HEAD");
  mirror.fetch();
  EXPECT_EQ(tip_of("main"), tip);
  EXPECT_EQ(mirrored("refs/flowship/production"), tip);
}

TEST_F(MirrorTest, IsRecreatedIfDamagedAndKeepsItsLedgers) {
  mirror.fetch();
  origin.git_in(mirror.folder(), {"update-ref", "refs/flowship/production", tip});
  origin.write("b.json", "{}");
  tip = origin.commit("Second");
  mirror.fetch();
  const std::filesystem::path pending = mirror.folder() / "flowship" / "refs%2Fflowship%2Fproduction.pending" / tip;
  std::filesystem::create_directories(pending.parent_path());
  std::ofstream(pending).close();
  const std::string lost = tip;
  std::filesystem::remove(mirror.folder() / "objects" / lost.substr(0, 2) / lost.substr(2));
  mirror.suspect();
  const std::vector<std::string> notes = mirror.fetch();
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("recreated"), std::string::npos);
  EXPECT_EQ(tip_of("main"), tip);
  EXPECT_NE(mirrored("refs/flowship/production"), "");
  EXPECT_TRUE(std::filesystem::exists(pending));
  EXPECT_TRUE(std::filesystem::exists(mirror.folder().string() + ".damaged"));
}

TEST_F(MirrorTest, IsRecreatedOnlyWhenNothingReadsIt) {
  mirror.fetch();
  {
    const auto in_use = mirror.in_use();
    std::filesystem::remove_all(mirror.folder() / "objects");
    std::ofstream(mirror.folder() / "objects") << "no folder";
    EXPECT_THROW(mirror.fetch(), Error);
  }
  EXPECT_EQ(mirror.fetch().size(), 1U);
  EXPECT_EQ(tip_of("main"), tip);
}

TEST_F(MirrorTest, IsRecreatedIfItIsNotARepository) {
  std::filesystem::create_directories(mirror.folder());
  for (const char* name : {"config", "HEAD"}) std::ofstream(mirror.folder() / name) << "[[[";
  EXPECT_EQ(mirror.fetch().size(), 1U);
  EXPECT_EQ(tip_of("main"), tip);
}

TEST_F(MirrorTest, RemovesStaleLocks) {
  mirror.fetch();
  for (const char* name : {"packed-refs.lock", "refs/heads/main.lock", "config.lock"}) {
    std::ofstream(mirror.folder() / name) << "";
  }
  mirror.clear_locks();
  origin.write("a.json", "[]");
  tip = origin.commit("Second");
  mirror.fetch();
  EXPECT_EQ(tip_of("main"), tip);
}

TEST(RemoteUrl, AcceptsSafeUrls) {
  for (const char* url :
       {"https://git.example/flows.git", "https://git.example:8443/a/b", "ssh://git@git.example/a.git",
        "git@git.example:team/flows.git", "git.example:flows.git", "/srv/git/our flows.git",
        "file:///srv/git/flows.git", "http://127.0.0.1:3000/flows.git", "http://localhost/flows.git"}) {
    EXPECT_NO_THROW(git::require_safe_url(url)) << url;
  }
}

TEST(RemoteUrl, RejectsAllOthers) {
  for (const char* url : {"",
                          "-u",
                          "--upload-pack=touch /tmp/x",
                          "ext::sh -c true",
                          "ext::x",
                          "fd::17",
                          "git://git.example/flows.git",
                          "http://git.example/flows.git",
                          "ftp://git.example/flows.git",
                          "https://",
                          "https:///flows.git",
                          "ssh://-oProxyCommand=x/flows.git",
                          "ssh://git@-oProxyCommand=x/a",
                          "-oProxyCommand=x:a",
                          "host:-a",
                          "https://user:password@git.example/flows.git",
                          "https://token@git.example/flows.git",
                          "ssh://git:password@git.example/flows.git",
                          "ssh://git:password@user@git.example/flows.git",
                          "ssh://%2DoProxyCommand=x/flows.git",
                          "flows.git",
                          "../flows.git",
                          "https://git.example/a\nb",
                          "https://git.example/a b",
                          "http://127.0.0.1.evil.example/a"}) {
    EXPECT_THROW(git::require_safe_url(url), Error) << url;
  }
}

}  // namespace
}  // namespace flowship::daemon
