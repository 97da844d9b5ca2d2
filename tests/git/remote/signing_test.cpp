#include "git/remote/signing.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace flowship::git {
namespace {

constexpr std::chrono::minutes kLimit{1};

struct Signing : testing::Test {
  Signing() {
    const ProcessResult made =
        run(Command{.arguments = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", key.string()}});
    EXPECT_EQ(made.status, 0) << made.errors;
    repo.git({"config", "gpg.format", "ssh"});
    repo.git({"config", "user.signingKey", key.string()});
  }
  void allow(const std::string& principal) const {
    std::ifstream file(key.string() + ".pub");
    std::ofstream(signers) << principal << " " << file.rdbuf();
    repo.git({"config", "gpg.ssh.allowedSignersFile", signers.string()});
  }
  Repository::NewCommit entry(const std::string& message) const {
    return {.tree = repository.facts(first).tree,
            .parents = {first},
            .message = message,
            .time = *from_rfc3339("2026-11-24T01:52:00Z"),
            .author = {.name = "Ada", .email = "ada@example.com"}};
  }

  TestRepository repo;
  std::filesystem::path key = repo.beside("key");
  std::filesystem::path signers = repo.beside("signers");
  ObjectId first = *ObjectId::from_hex(repo.commit("first"));
  Repository repository = Repository::open(repo.path());
};

TEST_F(Signing, WritesWhatAnUnsignedCommitHas) {
  const ObjectId id = write_signed_commit(repository, entry("Deploy\n\nTarget: x\n"), kLimit);
  const CommitFacts facts = repository.facts(id);
  const CommitFacts plain = repository.facts(repository.write_commit(entry("Deploy\n\nTarget: x\n")));
  EXPECT_TRUE(facts.is_signed);
  EXPECT_FALSE(plain.is_signed);
  EXPECT_EQ(facts.tree, plain.tree);
  EXPECT_EQ(facts.parents, plain.parents);
  EXPECT_EQ(facts.message, plain.message);
  EXPECT_EQ(facts.author, plain.author);
  EXPECT_EQ(facts.time, plain.time);
}

TEST_F(Signing, IsGoodOnceTheSignerIsAllowed) {
  const ObjectId id = write_signed_commit(repository, entry("Deploy"), kLimit);
  std::optional<BadSignature> bad = bad_signature(repository, id, kLimit);
  ASSERT_TRUE(bad);
  EXPECT_TRUE(bad->without_signers);
  std::ofstream(signers) << "";
  repo.git({"config", "gpg.ssh.allowedSignersFile", signers.string()});
  bad = bad_signature(repository, id, kLimit);
  ASSERT_TRUE(bad);
  EXPECT_FALSE(bad->without_signers);
  EXPECT_EQ(bad->why, "No principal matched.");
  allow("ada@example.com");
  EXPECT_FALSE(bad_signature(repository, id, kLimit));
}

TEST_F(Signing, FailsWithoutAKey) {
  repo.git({"config", "user.signingKey", repo.beside("missing").string()});
  EXPECT_THROW(write_signed_commit(repository, entry("Deploy"), kLimit), Error);
}

TEST_F(Signing, AnUnsignedCommitIsNotGood) {
  allow("ada@example.com");
  EXPECT_TRUE(bad_signature(repository, first, kLimit));
}

}  // namespace
}  // namespace flowship::git
