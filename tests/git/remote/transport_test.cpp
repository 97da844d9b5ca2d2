#include "git/remote/transport.hpp"

#include "base/error.hpp"
#include "git/git_fixture.hpp"
#include "git/shallow.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace flowship::git {
namespace {

const std::string kRef = "refs/flowship/production";
const std::string kTracking = "refs/flowship-remotes/origin/flowship/production";

struct Transport : testing::Test {
  Transport() {
    repo.git({"init", "--quiet", "--bare", bare.string()});
    repo.git({"remote", "add", "origin", "file://" + bare.string()});
    repo.git({"push", "--quiet", "origin", "main"});
  }
  std::string at_remote() const { return repo.git_in(bare, {"for-each-ref", "--format=%(objectname)", kRef}); }
  void hook(const std::string& name, const std::string& script) const {
    const auto path = bare / "hooks" / name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }

  TestRepository repo;
  std::filesystem::path bare = repo.beside("remote.git");
  ObjectId first = *ObjectId::from_hex(repo.commit("first"));
  ObjectId second = *ObjectId::from_hex(repo.commit("second"));
  Repository repository = Repository::open(repo.path());
};

TEST_F(Transport, PushesOnlyFromWhereTheRemoteIsExpected) {
  EXPECT_TRUE(push_ref(repository, "origin", kRef, std::nullopt, first));
  EXPECT_EQ(at_remote(), first.hex());
  EXPECT_FALSE(push_ref(repository, "origin", kRef, std::nullopt, second));
  EXPECT_FALSE(push_ref(repository, "origin", kRef, second, second));
  EXPECT_EQ(at_remote(), first.hex());
  EXPECT_TRUE(push_ref(repository, "origin", kRef, first, second));
  EXPECT_EQ(at_remote(), second.hex());
}

TEST_F(Transport, AsksConfiguredRemotesOnly) {
  for (const std::string& remote : {bare.string(), "file://" + bare.string(), std::string("nowhere"), std::string()}) {
    EXPECT_THROW(push_ref(repository, remote, kRef, std::nullopt, first), Error) << remote;
    EXPECT_THROW(fetch_ref(repository, remote, kRef, kRef), Error) << remote;
  }
  EXPECT_EQ(at_remote(), "");
}

TEST_F(Transport, FetchesWithoutForce) {
  EXPECT_TRUE(push_ref(repository, "origin", kRef, std::nullopt, second));
  EXPECT_EQ(fetch_ref(repository, "origin", kRef, kTracking), second);
  repo.git({"checkout", "--quiet", "--detach", first.hex()});
  const ObjectId other = *ObjectId::from_hex(repo.commit("other"));
  repo.git({"push", "--quiet", "--force", "origin", other.hex() + ":" + kRef});
  // What the remote has now is told, and where it was stays.
  EXPECT_EQ(fetch_ref(repository, "origin", kRef, kTracking), other);
  EXPECT_EQ(repository.ref(kTracking), second);
}

TEST_F(Transport, DoesNotMistakeAnothersPushForItsOwn) {
  EXPECT_TRUE(push_ref(repository, "origin", kRef, std::nullopt, first));
  EXPECT_FALSE(push_ref(repository, "origin", kRef, std::nullopt, first));
  EXPECT_TRUE(push_ref(repository, "origin", kRef, first, first));
}

TEST_F(Transport, FetchesDespiteTheLockOfADeadProcess) {
  push_ref(repository, "origin", kRef, std::nullopt, first);
  repo.write(".git/flowship/refs-flowship-remotes-origin-flowship-production.moving", "\n");
  repo.write(".git/" + kTracking + ".lock", "");
  EXPECT_EQ(fetch_ref(repository, "origin", kRef, kTracking), first);
}

TEST_F(Transport, AsksWhetherAPushArrivedWhoseAnswerIsLost) {
  hook("reference-transaction", "cat >/dev/null; [ $1 != committed ] || kill -9 $PPID");
  EXPECT_TRUE(push_ref(repository, "origin", kRef, std::nullopt, first));
  EXPECT_EQ(at_remote(), first.hex());
}

TEST_F(Transport, DoesNotWaitForEverForARemote) {
  hook("pre-receive", "sleep 2; exit 1");
  try {
    push_ref(repository, "origin", kRef, std::nullopt, first, std::chrono::milliseconds(300));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("300 ms"), std::string::npos) << error.message();
  }
}

TEST_F(Transport, DistinguishesARefusalFromAMove) {
  for (const std::string name : {"pre-receive", "update"}) {
    hook(name, "echo not today >&2; exit 1");
    try {
      push_ref(repository, "origin", kRef, std::nullopt, first);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_NE(error.message().find("not today"), std::string::npos) << error.message();
    }
    std::filesystem::remove(bare / "hooks" / name);
  }
}

TEST_F(Transport, SeesAMoveThatHappensDuringThePush) {
  // The remote moves after git has looked and before it writes.
  hook("pre-receive", "unset GIT_QUARANTINE_PATH; git update-ref " + kRef + " $(git rev-parse refs/heads/main)");
  EXPECT_FALSE(push_ref(repository, "origin", kRef, std::nullopt, first));
  EXPECT_EQ(at_remote(), second.hex());
}

TEST_F(Transport, FetchesWhatTheRemoteHas) {
  EXPECT_FALSE(fetch_ref(repository, "origin", kRef, kTracking));
  push_ref(repository, "origin", kRef, std::nullopt, first);
  EXPECT_EQ(fetch_ref(repository, "origin", kRef, kTracking), first);
  EXPECT_EQ(repository.ref(kTracking), first);
  repo.git_in(bare, {"update-ref", kRef, second.hex()});
  EXPECT_EQ(fetch_ref(repository, "origin", kRef, kTracking), second);
  EXPECT_FALSE(std::filesystem::exists(repo.path() / ".git/FETCH_HEAD"));
}

TEST_F(Transport, MovesNoRefButTheOneThatIsFetchedInto) {
  push_ref(repository, "origin", kRef, std::nullopt, first);
  repo.git({"config", "remote.origin.fetch", "+refs/flowship/*:refs/flowship/*"});
  EXPECT_EQ(fetch_ref(repository, "origin", kRef, kTracking), first);
  EXPECT_FALSE(repository.ref(kRef));
}

TEST_F(Transport, WorksInAShallowCloneAndKeepsItShallow) {
  const std::string tree = repo.git({"rev-parse", "HEAD^{tree}"});
  const std::string ledger = repo.git({"commit-tree", tree, "-m", "ledger"});
  push_ref(repository, "origin", kRef, std::nullopt, *ObjectId::from_hex(ledger));
  const auto clone = repo.beside("clone");
  repo.git({"clone", "--quiet", "--depth=1", "file://" + bare.string(), clone.string()});
  const Repository shallow = Repository::open(clone);
  EXPECT_EQ(fetch_ref(shallow, "origin", kRef, kTracking)->hex(), ledger);
  EXPECT_EQ(repo.git_in(clone, {"rev-parse", "--is-shallow-repository"}), "true");
  const std::string next = repo.git_in(clone, {"commit-tree", tree, "-p", ledger, "-m", "next"});
  EXPECT_TRUE(push_ref(shallow, "origin", kRef, ObjectId::from_hex(ledger), *ObjectId::from_hex(next)));
  EXPECT_EQ(at_remote(), next);
}

TEST_F(Transport, TheNewestCommitsCutOffNoOtherHistory) {
  std::vector<ObjectId> ledger;
  for (const char* message : {"oldest", "older", "newest"}) {
    std::vector<std::string> command = {"commit-tree", repo.git({"rev-parse", "HEAD^{tree}"}), "-m", message};
    if (!ledger.empty()) command.insert(command.end(), {"-p", ledger.back().hex()});
    ledger.push_back(*ObjectId::from_hex(repo.git(command)));
  }
  push_ref(repository, "origin", kRef, std::nullopt, ledger.back());
  const auto clone = repo.beside("clone");
  repo.git({"clone", "--quiet", "file://" + bare.string(), clone.string()});
  const Repository whole = Repository::open(clone);
  EXPECT_EQ(fetch_newest(whole, "origin", kRef, kTracking, 2), ledger.back());
  EXPECT_EQ(shallow_commits(whole), std::vector{ledger[1]});
  EXPECT_FALSE(whole.has(ledger[0]));
  EXPECT_EQ(whole.descends(second, first), true);
  EXPECT_EQ(whole.descends(first, second), false);
  EXPECT_EQ(whole.descends(ledger.back(), first), std::nullopt) << "it may, further down";
  EXPECT_EQ(fetch_history(whole, "origin", kRef, kTracking), ledger.back());
  EXPECT_EQ(shallow_commits(whole), std::vector<ObjectId>());
  EXPECT_EQ(whole.descends(ledger.back(), first), false);
}

TEST_F(Transport, KeepsNothingOfARefThatLeadsToNoCommit) {
  const std::string tree = repo.git_in(bare, {"rev-parse", "main^{tree}"});
  const std::string tag = repo.git_in(
      bare, {"-c", "user.name=A", "-c", "user.email=a@example.com", "tag", "-a", "-m", "x", "tagged", tree});
  for (const std::string& object : {tree, std::string("tagged")}) {
    repo.git_in(bare, {"update-ref", kRef, object});
    try {
      fetch_ref(repository, "origin", kRef, kTracking);
      FAIL();
    } catch (const BrokenRemote& error) {
      EXPECT_NE(error.message().find("a tree there, not a commit"), std::string::npos) << error.message();
      EXPECT_NE(error.hint().find("git push --force origin " + kRef), std::string::npos) << error.hint();
    }
    EXPECT_FALSE(repository.ref(kTracking));
  }
  repo.git_in(bare, {"update-ref", kRef, "main"});
  EXPECT_TRUE(fetch_ref(repository, "origin", kRef, kTracking));
}

TEST_F(Transport, IgnoresAHooksEnvironment) {
  const TestRepository other;
  const ScopedVariable directory("GIT_DIR", (other.path() / ".git").string());
  EXPECT_TRUE(push_ref(repository, "origin", kRef, std::nullopt, first));
  EXPECT_EQ(fetch_ref(repository, "origin", kRef, kTracking), first);
}

TEST_F(Transport, ReportsAMissingRemote) {
  EXPECT_THROW(fetch_ref(repository, "nowhere", kRef, kTracking), Error);
  EXPECT_THROW(push_ref(repository, "nowhere", kRef, std::nullopt, first), Error);
  std::filesystem::remove_all(bare);
  EXPECT_THROW(fetch_ref(repository, "origin", kRef, kTracking), Error);
  EXPECT_THROW(push_ref(repository, "origin", kRef, std::nullopt, first), Error);
}

TEST_F(Transport, RefusesNamesThatLookLikeOptions) {
  EXPECT_THROW(fetch_ref(repository, "--upload-pack=touch hacked", kRef, kTracking), Error);
  EXPECT_THROW(fetch_ref(repository, "origin", "--all", kTracking), Error);
  EXPECT_THROW(push_ref(repository, "--all", kRef, std::nullopt, first), Error);
  EXPECT_THROW(push_ref(repository, "origin", "refs/heads/a:refs/heads/b", std::nullopt, first), Error);
}

TEST_F(Transport, MovesNothingInQuarantine) {
  const ScopedVariable quarantine("GIT_QUARANTINE_PATH", "/somewhere");
  EXPECT_THROW(fetch_ref(repository, "origin", kRef, kTracking), Error);
  EXPECT_THROW(push_ref(repository, "origin", kRef, std::nullopt, first), Error);
}

}  // namespace
}  // namespace flowship::git
