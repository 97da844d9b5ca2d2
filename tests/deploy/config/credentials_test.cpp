#include "deploy/config/credentials.hpp"

#include "base/error.hpp"
#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace flowship::deploy {
namespace {

using Values = std::map<std::string, std::string>;

Variables variables(Values values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

Environment production() {
  Environment environment;
  environment.name = "production";
  environment.project_id = "P2production";
  environment.management_key_env = "PRODUCTION_KEY";
  return environment;
}

/// Fails unless resolving ends with a fault of credentials that does not show `secret`.
void expect_refused(const Environment& environment, const Values& values, const std::string& key_file = {},
                    const std::string& secret = "never") {
  try {
    resolve_credentials(environment, variables(values), key_file);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::credentials);
    EXPECT_EQ((error.message() + error.hint()).find(secret), std::string::npos) << error.message();
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST(Credentials, TheVariableThatTheEnvironmentNamesComesFirst) {
  const Values both{{"PRODUCTION_KEY", "Kone"}, {"DESCOPE_MANAGEMENT_KEY", "Ktwo"}, {"DESCOPE_PROJECT_ID", "P2other"}};
  const api::Credentials credentials = resolve_credentials(production(), variables(both), "");
  EXPECT_EQ(credentials.key.reveal(), "Kone");
  EXPECT_EQ(credentials.project_id, "P2production");
  EXPECT_EQ(resolve_credentials(production(), variables({{"DESCOPE_MANAGEMENT_KEY", "Ktwo"}}), "").key.reveal(),
            "Ktwo");
}

TEST(Credentials, MissingOrMisshapedOnesAreRefusedWithoutBeingShown) {
  expect_refused(production(), {});
  expect_refused(production(), {{"PRODUCTION_KEY", "secret word"}}, "", "secret word");
  expect_refused(production(), {{"PRODUCTION_KEY", "Kline\nbreak"}}, "", "break");
  expect_refused(production(), {{"PRODUCTION_KEY", "K"}});
  Environment without = production();
  without.project_id.clear();
  expect_refused(without, {{"PRODUCTION_KEY", "Kone"}});
  expect_refused(without, {{"PRODUCTION_KEY", "Kone"}, {"DESCOPE_PROJECT_ID", "Q2"}});
}

TEST(Credentials, AProjectIdCanNotBecomeAnotherHost) {
  Environment without = production();
  without.project_id.clear();
  const std::string tail(40, 'a');
  for (const char* start : {"Pfr/x", "P@e.k", "P:80/", "Pa.b#", "P\r\nx", "Pa b"}) {
    EXPECT_FALSE(is_project_id(start + tail)) << start;
    expect_refused(without, {{"PRODUCTION_KEY", "Kone"}, {"DESCOPE_PROJECT_ID", start + tail}});
  }
  EXPECT_TRUE(is_project_id("P2abcDEF012"));
}

TEST(Credentials, AKeyFileMustBeItsOwnersAlone) {
  const git::TemporaryDirectory folder;
  const std::string path = folder.path() / "key";
  std::ofstream(path) << "Kfrom-file\r\n";
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::group_read);
  expect_refused(production(), {}, path, "Kfrom-file");
  std::filesystem::permissions(path, perms::owner_read);
  EXPECT_EQ(resolve_credentials(production(), variables({}), path).key.reveal(), "Kfrom-file");
  // An operator who names a file does not mean what a variable happens to have.
  const Values both = {{"PRODUCTION_KEY", "Kone"}, {"DESCOPE_MANAGEMENT_KEY", "Ktwo"}};
  EXPECT_EQ(resolve_credentials(production(), variables(both), path).key.reveal(), "Kfrom-file");
  expect_refused(production(), both, folder.path() / "nowhere");
  expect_refused(production(), {}, folder.path() / "nowhere");
  expect_refused(production(), {}, folder.path());
  const std::string empty = folder.path() / "empty";
  std::ofstream(empty).close();
  std::filesystem::permissions(empty, perms::owner_read);
  try {
    resolve_credentials(production(), variables({}), empty);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find(empty), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace flowship::deploy
