#include "base/error.hpp"
#include "git/git_fixture.hpp"
#include "git/repository.hpp"

#include <gtest/gtest.h>

namespace flowship::git {
namespace {

TEST(Objects, MakeReproducibleCommits) {
  const TestRepository repo;
  const Repository repository = Repository::open(repo.path());
  const ObjectId tree = repository.write_tree(ObjectId(), {{"a", Repository::TreeItem{repository.write_blob("1")}}});
  const Repository::NewCommit facts{
      tree, {}, "subject\n\nbody\n", *from_rfc3339("2026-01-02T03:04:05Z"), repository.author()};
  const ObjectId first = repository.write_commit(facts);
  EXPECT_EQ(repository.write_commit(facts), first);
  const ObjectId next = repository.write_commit({tree, {first}, "next", facts.time, facts.author});
  EXPECT_EQ(repo.git({"log", "-1", "--format=%an <%ae> %ct %T %P", next.hex()}),
            "flowship <flowship@localhost> 1767323045 " + tree.hex() + " " + first.hex());
  const CommitFacts read = repository.facts(first);
  EXPECT_EQ(read.subject, "subject");
  EXPECT_EQ(read.message, facts.message);
  EXPECT_EQ(read.author, "flowship <flowship@localhost>");
  EXPECT_EQ(read.time, facts.time);
  EXPECT_EQ(repo.git({"fsck", "--strict", "--no-dangling"}), "");
}

TEST(Objects, UseTheConfiguredIdentity) {
  const TestRepository repo;
  repo.git({"config", "user.name", "Ada"});
  repo.git({"config", "user.email", "ada@example.com"});
  const Repository repository = Repository::open(repo.path());
  const ObjectId commit =
      repository.write_commit({repository.write_tree(ObjectId(), {}), {}, "x", Time(), repository.author()});
  EXPECT_EQ(repository.facts(commit).author, "Ada <ada@example.com>");
}

TEST(Objects, ReportMissingOnesAndWrongTypes) {
  const TestRepository repo;
  const ObjectId commit = *ObjectId::from_hex(repo.commit("first"));
  const Repository repository = Repository::open(repo.path());
  EXPECT_THROW(static_cast<void>(repository.blob(*ObjectId::from_hex(std::string(40, 'a')))), Error);
  EXPECT_THROW(static_cast<void>(repository.blob(commit)), Error);
  EXPECT_THROW(static_cast<void>(repository.files(*ObjectId::from_hex(std::string(40, 'a')))), Error);
}

TEST(Objects, RefuseInvalidPaths) {
  const TestRepository repo;
  const Repository repository = Repository::open(repo.path());
  const Repository::TreeItem item{repository.write_blob("1")};
  for (const std::string path : {"", "/a", "a//b", "a/", "../a", "a/./b", ".git/config"}) {
    EXPECT_THROW(repository.write_tree(ObjectId(), {{path, item}}), Error) << path;
  }
}

}  // namespace
}  // namespace flowship::git
