#include "base/error.hpp"
#include "git/git_fixture.hpp"
#include "git/repository.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace flowship::git {
namespace {

/// The error that `act` throws, message and hint in one text.
template <typename Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.message() + " (" + error.hint() + ")";
  }
  return "no error";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Open, FindsTheRepositoryFromAFolderWithin) {
  const TestRepository repo;
  repo.write("a/b/c", "1");
  const Repository repository = Repository::open(repo.path() / "a/b");
  EXPECT_EQ(repository.work_directory(), repo.path());
  EXPECT_EQ(repository.git_directory(), repo.path() / ".git");
  EXPECT_FALSE(repository.is_bare());
}

TEST(Open, ReportsAMissingRepository) {
  const TemporaryDirectory empty;
  EXPECT_TRUE(has(error_of([&] { Repository::open(empty.path()); }), "is not in a git repository"));
}

TEST(Open, SupportsBareRepositories) {
  const TestRepository repo({"--bare"});
  const Repository repository = Repository::open(repo.path());
  EXPECT_TRUE(repository.is_bare());
  EXPECT_TRUE(repository.work_directory().empty());
  EXPECT_TRUE(has(error_of([&] { repository.worktree_files(); }), "bare"));
}

TEST(Open, SupportsLinkedWorkTrees) {
  const TestRepository repo;
  repo.write("a", "1");
  const std::string id = repo.commit("first");
  const auto linked = repo.beside("linked tree");
  repo.git({"worktree", "add", "--quiet", linked.string(), "-b", "side"});
  const Repository repository = Repository::open(linked);
  EXPECT_EQ(repository.work_directory(), linked);
  EXPECT_EQ(repository.common_directory(), repo.path() / ".git");
  EXPECT_NE(repository.git_directory(), repository.common_directory());
  EXPECT_EQ(repository.head_branch(), "refs/heads/side");
  EXPECT_EQ(repository.commit("HEAD").hex(), id);
  EXPECT_EQ(repository.worktree_files().size(), 1U);
  EXPECT_EQ(repository.index_files().size(), 1U);
}

TEST(Open, SupportsShallowClonesAndSaysHowToDeepenThem) {
  const TestRepository repo;
  repo.write("a", "1");
  repo.commit("first");
  repo.write("a", "2");
  const std::string id = repo.commit("second");
  const auto clone = repo.beside("clone");
  repo.git({"clone", "--quiet", "--depth=1", "file://" + repo.path().string(), clone.string()});
  const Repository repository = Repository::open(clone);
  EXPECT_EQ(repository.commit("HEAD").hex(), id);
  EXPECT_EQ(repository.files(repository.commit("main")).size(), 1U);
  EXPECT_TRUE(has(error_of([&] { static_cast<void>(repository.commit("main~1")); }), "git fetch --unshallow"));
}

TEST(Open, SupportsPackedRefsAndAlternates) {
  const TestRepository repo;
  repo.write("a", "1");
  const std::string id = repo.commit("first");
  repo.git({"tag", "--annotate", "v1", "--message", "one"});
  repo.git({"gc", "--quiet"});
  repo.git({"pack-refs", "--all"});
  const auto clone = repo.beside("clone");
  repo.git({"clone", "--quiet", "--shared", repo.path().string(), clone.string()});
  const Repository repository = Repository::open(clone);
  EXPECT_EQ(repository.commit("v1").hex(), id);
  EXPECT_EQ(repository.blob(*repository.at(repository.commit("HEAD"), "a")), "1");
  EXPECT_EQ(Repository::open(repo.path()).ref("refs/tags/v1")->hex(), id);
}

TEST(Open, SupportsSparseClones) {
  const TestRepository repo;
  repo.write("a/x", "1");
  repo.write("b/x", "1");
  repo.commit("first");
  const auto clone = repo.beside("clone");
  repo.git({"clone", "--quiet", "--sparse", "file://" + repo.path().string(), clone.string()});
  repo.git_in(clone, {"sparse-checkout", "set", "--cone", "--sparse-index", "a"});
  const Repository repository = Repository::open(clone);
  EXPECT_EQ(repository.index_files().size(), 2U);
  EXPECT_EQ(repository.worktree_files().size(), 1U);
}

TEST(Open, FetchesMissingBlobsOfAPartialClone) {
  const TestRepository repo;
  repo.git({"config", "uploadpack.allowFilter", "true"});
  repo.git({"config", "uploadpack.allowAnySHA1InWant", "true"});
  repo.write("a", "lazy");
  repo.commit("first");
  const auto clone = repo.beside("clone");
  repo.git({"clone", "--quiet", "--bare", "--filter=blob:none", "file://" + repo.path().string(), clone.string()});
  const Repository repository = Repository::open(clone);
  EXPECT_EQ(repository.blob(*repository.at(repository.commit("main"), "a")), "lazy");
}

TEST(Open, ReportsWhenAPartialCloneCannotFetch) {
  const TestRepository repo;
  repo.git({"config", "uploadpack.allowFilter", "true"});
  repo.write("a", "lazy");
  repo.commit("first");
  const auto clone = repo.beside("clone");
  repo.git({"clone", "--quiet", "--bare", "--filter=blob:none", "file://" + repo.path().string(), clone.string()});
  std::filesystem::remove_all(repo.path());
  const Repository repository = Repository::open(clone);
  const ObjectId blob = *repository.at(repository.commit("main"), "a");
  EXPECT_TRUE(has(error_of([&] { static_cast<void>(repository.blob(blob)); }), "partial clone"));
}

TEST(Open, RefusesSha256) {
  const TestRepository repo({"--object-format=sha256"});
  EXPECT_TRUE(has(error_of([&] { Repository::open(repo.path()); }), "SHA-256"));
}

TEST(Open, RefusesRepositoriesOfOthersUnlessGitTrustsThem) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a repository away";
  const TestRepository repo;
  repo.commit("first");
  for (const auto& file : {repo.path(), repo.path() / ".git"}) ASSERT_EQ(::chown(file.c_str(), 12345, 12345), 0);
  EXPECT_TRUE(has(error_of([&] { Repository::open(repo.path()); }), "git config --global --add safe.directory"));
  const auto trusting = repo.beside("trusting");
  repo.git_in("/", {"config", "--file", trusting.string(), "safe.directory", "*"});
  const ScopedVariable config("GIT_CONFIG_GLOBAL", trusting.string());
  EXPECT_EQ(Repository::open(repo.path()).head_branch(), "refs/heads/main");
}

TEST(Open, HonoursAHooksEnvironment) {
  const TestRepository repo;
  repo.write("a", "1");
  repo.commit("first");
  repo.write("b", "2");
  const auto index = repo.beside("other index");
  repo.git({"add", "b"});
  std::filesystem::copy_file(repo.path() / ".git/index", index);
  repo.git({"reset", "--quiet"});
  const ScopedVariable directory("GIT_DIR", (repo.path() / ".git").string());
  const ScopedVariable index_file("GIT_INDEX_FILE", index.string());
  const ScopedVariable work_tree("GIT_WORK_TREE", repo.path().string());
  const Repository hooked = Repository::open_from_environment();
  EXPECT_EQ(hooked.index_files().size(), 2U);
  EXPECT_EQ(hooked.work_directory(), repo.path());
  EXPECT_STREQ(std::getenv("GIT_WORK_TREE"), repo.path().c_str());
  EXPECT_EQ(Repository::open(repo.path()).index_files().size(), 1U);
}

TEST(Open, SeesQuarantinedObjects) {
  const TestRepository repo;
  repo.commit("first");
  const auto quarantine = repo.beside("quarantine");
  std::filesystem::create_directory(quarantine);
  repo.write("a", "hidden");
  const ScopedVariable directory("GIT_DIR", (repo.path() / ".git").string());
  const ScopedVariable objects("GIT_OBJECT_DIRECTORY", quarantine.string());
  const ScopedVariable alternates("GIT_ALTERNATE_OBJECT_DIRECTORIES", (repo.path() / ".git/objects").string());
  const Repository hooked = Repository::open_from_environment();
  const ObjectId blob = hooked.write_blob("hidden");
  EXPECT_EQ(hooked.blob(blob), "hidden");
  EXPECT_EQ(hooked.facts(hooked.commit("HEAD")).subject, "first");
  EXPECT_THROW(static_cast<void>(Repository::open(repo.path()).blob(blob)), Error);
}

TEST(Open, ReadsConfigurationAsGitDoes) {
  const TestRepository repo;
  repo.git({"config", "flowship.test", "two words"});
  const Repository repository = Repository::open(repo.path());
  EXPECT_EQ(repository.config("flowship.test"), "two words");
  EXPECT_FALSE(repository.config("flowship.unset"));
  const ScopedVariable count("GIT_CONFIG_COUNT", "1");
  const ScopedVariable key("GIT_CONFIG_KEY_0", "flowship.unset");
  const ScopedVariable value("GIT_CONFIG_VALUE_0", "set");
  EXPECT_EQ(repository.config("flowship.unset"), "set");
}

TEST(Open, HelpsWithUnknownRevisions) {
  const TestRepository repo;
  const Repository repository = Repository::open(repo.path());
  EXPECT_TRUE(has(error_of([&] { static_cast<void>(repository.commit("HEAD")); }), "HEAD has no commit yet"));
  EXPECT_EQ(repository.head_branch(), "refs/heads/main");
  repo.commit("first");
  repo.git({"branch", "production"});
  EXPECT_TRUE(has(error_of([&] { static_cast<void>(repository.commit("prodction")); }), "production"));
  EXPECT_TRUE(has(error_of([&] { static_cast<void>(repository.commit("HEAD^{tree}")); }), "not a commit"));
  EXPECT_TRUE(has(error_of([&] { static_cast<void>(repository.commit("--all")); }), "no revision"));
}

}  // namespace
}  // namespace flowship::git
