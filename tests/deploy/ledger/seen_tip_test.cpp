#include "deploy/ledger/seen_tip.hpp"

#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace flowship::deploy {
namespace {

const std::string kRef = "refs/flowship/default";

struct SeenTip : testing::Test {
  git::ObjectId entry(const std::vector<git::ObjectId>& parents) const {
    std::vector<std::string> arguments = {"commit-tree", files.git({"write-tree"}), "-m",
                                          "Entry " + std::to_string(++count)};
    for (const git::ObjectId& parent : parents) arguments.insert(arguments.end(), {"-p", parent.hex()});
    return *git::ObjectId::from_hex(files.git(arguments));
  }

  git::TestRepository files;
  git::Repository repository = git::Repository::open(files.path());
  mutable int count = 0;
};

TEST_F(SeenTip, IsNothingUntilOneIsNotedAndAfterItIsForgotten) {
  EXPECT_FALSE(seen_tip(repository, kRef, LedgerPlace::remote));
  const git::ObjectId tip = entry({});
  note_seen_tip(repository, kRef, LedgerPlace::remote, tip);
  EXPECT_EQ(seen_tip(repository, kRef, LedgerPlace::remote), tip);
  EXPECT_FALSE(seen_tip(repository, "refs/flowship/other", LedgerPlace::remote));
  EXPECT_FALSE(seen_tip(repository, kRef, LedgerPlace::here));
  forget_seen_tip(repository, kRef, LedgerPlace::remote);
  EXPECT_FALSE(seen_tip(repository, kRef, LedgerPlace::remote));
}

TEST_F(SeenTip, KeepsLedgersApartWhoseNamesDifferOnlyInASlash) {
  note_seen_tip(repository, "refs/flowship/a/b", LedgerPlace::remote, entry({}));
  EXPECT_FALSE(seen_tip(repository, "refs/flowship/a-b", LedgerPlace::remote));
}

TEST_F(SeenTip, ANewEntryContinuesTheOneItWasAppendedTo) {
  const git::ObjectId first = entry({});
  const git::ObjectId second = entry({first});
  const git::ObjectId third = entry({second});
  EXPECT_EQ(continuation(repository, first, first), Continuation::yes);
  EXPECT_EQ(continuation(repository, third, first), Continuation::yes);
  EXPECT_EQ(continuation(repository, first, third), Continuation::no);
  EXPECT_EQ(continuation(repository, entry({}), first), Continuation::no);
}

TEST_F(SeenTip, AMergeContinuesNothing) {
  const git::ObjectId first = entry({});
  EXPECT_EQ(continuation(repository, entry({entry({}), first}), first), Continuation::no);
  EXPECT_EQ(continuation(repository, entry({first, entry({})}), first), Continuation::no);
}

TEST_F(SeenTip, IsUnknownWhereAShallowCloneHasNoHistory) {
  const git::ObjectId first = entry({});
  const git::ObjectId third = entry({entry({first})});
  files.git({"update-ref", kRef, third.hex()});
  const auto clone = files.beside("clone");
  files.git({"init", "--quiet", clone.string()});
  files.git_in(clone / ".git", {"fetch", "--quiet", "--depth=1", "file://" + files.path().string(), kRef});
  EXPECT_EQ(continuation(git::Repository::open(clone), third, first), Continuation::unknown);
}

TEST(TrackingRef, IsAValidRefWhateverTheNameOfTheRemote) {
  const git::TestRepository files;
  for (const std::string remote : {"origin", "team/origin", "../other.git", "https://host/a.git", "a..b~^:"}) {
    EXPECT_NO_THROW(files.git({"check-ref-format", tracking_ref(remote, kRef)})) << remote;
  }
  EXPECT_EQ(tracking_ref("origin", kRef), "refs/flowship-remotes/origin/flowship/default");
}

}  // namespace
}  // namespace flowship::deploy
