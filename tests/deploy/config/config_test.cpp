#include "deploy/config/config.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

/// The error that the text leads to; fails when there is none.
Error error_of(const std::string& text) {
  try {
    parse_config(text, "flowship.json");
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "accepted: " << text;
  return Error("none");
}

std::string with(const std::string& members) { return R"({"environments": {"production": {)" + members + "}}}"; }

TEST(Config, ReadsWhatTheDesignShows) {
  const Config config = parse_config(
      R"({"sources": ["./Snapshot//flows/"], "environments": {"production": {
      "projectId": "P2x", "branch": "main", "managementKeyEnv": "PRODUCTION_KEY", "ledger": {"remote": "origin"},
      "onDrift": "adopt", "prune": true, "protect": ["sign-in"], "maxDeletes": 0, "connectors": {"SMTP": "CI1"},
      "set": {"sign-up": {"/metadata/disabled": true, "/contents/n": 1.10}}}}})",
      "flowship.json");
  EXPECT_EQ(config.sources, std::vector<std::string>{"Snapshot/flows"});
  const Environment& environment = config.environment("");
  EXPECT_EQ(environment.name, "production");
  EXPECT_EQ(environment.project_id, "P2x");
  EXPECT_EQ(environment.branch, "main");
  EXPECT_EQ(environment.management_key_env, "PRODUCTION_KEY");
  EXPECT_EQ(environment.ledger_remote, "origin");
  EXPECT_EQ(environment.ledger_ref, "refs/flowship/production");
  EXPECT_EQ(environment.on_drift, OnDrift::adopt);
  EXPECT_TRUE(environment.prune);
  EXPECT_EQ(environment.protect, std::set<std::string>{"sign-in"});
  EXPECT_EQ(environment.max_deletes, 0);
  EXPECT_EQ(environment.overrides.connectors.at("SMTP"), "CI1");
  EXPECT_EQ(environment.overrides.set.at("sign-up").at("/contents/n"), "1.10");
}

TEST(Config, AnEnvironmentsChangelogGoesBeforeTheCommonOne) {
  const Config config = parse_config(
      R"({"changelog": false, "environments": {"a": {"projectId": "P2a"}, "b": {"projectId": "P2b", "changelog": true}}})",
      "flowship.json");
  EXPECT_EQ(config.environment("a").changelog, false);
  EXPECT_EQ(config.environment("b").changelog, true);
  EXPECT_EQ(parse_config(R"({"changelog": false})", "flowship.json").environment("").changelog, false);
  EXPECT_FALSE(default_config().environment("").changelog);
}

TEST(Config, WithoutAFileThereIsOneEnvironmentAndFlowsAreAnywhere) {
  const Config config = default_config();
  EXPECT_TRUE(config.sources.empty());
  EXPECT_EQ(config.environment("").name, "default");
  EXPECT_EQ(config.environment("default").ledger_ref, "refs/flowship/default");
}

TEST(Config, NamesThePlaceAndTheNearestMember) {
  const Error error = error_of("{\n  \"enviroments\": {}}");
  EXPECT_EQ(error.fault(), Fault::invalid);
  EXPECT_NE(error.message().find("flowship.json:2:3:"), std::string::npos) << error.message();
  EXPECT_NE(error.hint().find("environments"), std::string::npos) << error.hint();
}

TEST(Config, PointsFromTheOldNameOfIgnoreToTheNewOne) {
  const Error error = error_of(R"({"excuses": []})");
  EXPECT_NE(error.message().find("unknown member `excuses`"), std::string::npos) << error.message();
  EXPECT_EQ(error.hint(), "did you mean `ignore`?");
}

TEST(Config, RefusesWhatItDoesNotKnowAndWhatIsOfTheWrongType) {
  for (const char* members : {R"("baseUrl": "https://x")",
                              R"("projectId": 1)",
                              R"("projectId": "X1")",
                              R"("projectId": "Pfr/x")",
                              R"("managementKeyEnv": "K2 secret")",
                              R"("managementKeyEnv": "1KEY")",
                              R"("ledger": {"ref": "heads/main"})",
                              R"("ledger": {"ref": "refs/heads/main"})",
                              R"("ledger": {"ref": "refs/flowship/a..b"})",
                              R"("branch": "")",
                              R"("branch": "refs/heads/main")",
                              R"("branch": "HEAD")",
                              R"("branch": "a b")",
                              R"("branch": "a..b")",
                              R"("branch": "-x")",
                              R"("branch": "x\n      evil: 1")",
                              R"("protect": [""])",
                              R"("sources": [""])",
                              R"("ledger": {"remote": "../x"})",
                              R"("ledger": {"remote": "host:x"})",
                              R"("ledger": {"remote": "-o"})",
                              R"("ledger": "origin")",
                              R"("onDrift": "ignore")",
                              R"("prune": 1)",
                              R"("maxDeletes": -1)",
                              R"("maxDeletes": 1.5)",
                              R"("maxDeletes": "1")",
                              R"("protect": "x")",
                              R"("connectors": {"a": 1})",
                              R"("set": {"../x": {}})",
                              R"("set": {"a": {"metadata": 1}})",
                              R"("set": {"a": {"": 1}})",
                              R"("set": {"a": {"/flowId": "b"}})"}) {
    EXPECT_EQ(error_of(with(members)).fault(), Fault::invalid) << members;
  }
  for (const char* text :
       {"[]", "1", R"({"environments": {}})", R"({"environments": {"a b": {}}})", R"({"environments": {"": {}}})",
        R"({"sources": "x"})", R"({"sources": [1]})", R"({"sources": ["/x"]})", R"({"sources": ["a/../../x"]})",
        R"({"rules": {"no-rule": "off"}})", R"({"rules": []})", R"({"ignore": [{"rule": "duplicate-flow-id"}]})",
        R"({"ignore": [{"rule": "no-end", "flowId": "a", "reason": " "}]})", R"({"sources": [""]})",
        R"({"$schema": 1})", R"({"policies": [{"name": "p", "factors": 1, "flows": [""]}]})"}) {
    EXPECT_EQ(error_of(text).fault(), Fault::invalid) << text;
  }
}

TEST(Config, NeverShowsAKeyThatWasPastedIntoIt) {
  const std::string key = "K2" + std::string(40, 'x');
  for (const std::string& text :
       {"{\"" + key + "\": 1}", "{\"sources\": [\"" + key + "\"]}", with("\"branch\": \"" + key + "\""),
        with("\"managementKeyEnv\": \"" + key + "\""), with("\"" + key + "\": 1"),
        with("\"branch\": \"x-" + key + "\""), with("\"ledger\": {\"remote\": \"a" + key + "\"}"),
        with("\"set\": {\"sign-" + key + "\": {}}"),
        R"({"policies": [{"name": "p", "forbid": [{"action": "my key )" + key + "\"}]}]}"}) {
    const Error error = error_of(text);
    EXPECT_EQ((error.message() + error.hint()).find(key), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("management key"), std::string::npos) << error.message();
  }
}

TEST(Config, TheRootAsASourceMeansAnywhere) {
  EXPECT_TRUE(parse_config(R"({"sources": ["flows", "./"]})", "flowship.json").sources.empty());
}

TEST(Config, AsksForAnEnvironmentWhereThereAreSeveral) {
  const Config config = parse_config(R"({"environments": {"staging": {}, "production": {}}})", "flowship.json");
  EXPECT_EQ(config.environment("staging").name, "staging");
  for (const char* name : {"", "prodution"}) {
    try {
      config.environment(name);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage);
      EXPECT_NE((error.message() + error.hint()).find("production"), std::string::npos);
    }
  }
}

TEST(Config, AnEnvironmentsSourcesReplaceTheCommonOnes) {
  const Config config = parse_config(
      R"({"sources": ["flows"], "environments": {"a": {}, "b": {"sources": ["other/"]}, "c": {"sources": ["."]}}})",
      "flowship.json");
  EXPECT_EQ(config.sources_of(config.environment("a")), std::vector<std::string>{"flows"});
  EXPECT_EQ(config.sources_of(config.environment("b")), std::vector<std::string>{"other"});
  EXPECT_TRUE(config.sources_of(config.environment("c")).empty());
  EXPECT_TRUE(config.all_sources().empty());
}

TEST(Config, TwoEnvironmentsHaveTwoProjects) {
  const Error error =
      error_of("{\"environments\": {\"a\": {\"projectId\": \"P2x\"},\n \"b\": {\"projectId\": \"P2x\"}}}");
  EXPECT_EQ(error.fault(), Fault::invalid);
  EXPECT_NE(error.message().find("flowship.json:2:"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("`a` and `b` have the same `projectId`"), std::string::npos) << error.message();
  EXPECT_NO_THROW(parse_config(R"({"environments": {"a": {}, "b": {}}})", "flowship.json"));
}

TEST(Config, TwoEnvironmentsHaveTwoLedgersThatGitCanKeep) {
  for (const char* ref : {"refs/flowship/b", "refs/flowship/b/x"}) {
    const Error error =
        error_of("{\"environments\": {\"a\": {\"ledger\":\n {\"ref\": \"" + std::string(ref) + "\"}}, \"b\": {}}}");
    EXPECT_EQ(error.fault(), Fault::invalid);
    EXPECT_NE(error.message().find("flowship.json:2:10"), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("ledger of the environment `b`"), std::string::npos) << error.message();
  }
  EXPECT_NO_THROW(parse_config(
      R"({"environments": {"a": {"ledger": {"ref": "refs/flowship/bb"}}, "b": {"ledger": {"ref": "refs/flowship/a"}}}})",
      "flowship.json"));
}

TEST(Config, ANameOfAnEnvironmentIsNoOption) {
  for (const char* name : {"-x", "--help", "a b", ""}) {
    const Error error = error_of("{\"environments\": {\n\"" + std::string(name) + "\": {}}}");
    EXPECT_NE(error.message().find("flowship.json:2:1"), std::string::npos) << error.message();
  }
  EXPECT_NO_THROW(parse_config(R"({"environments": {"a-": {}, "_b": {}, "9": {}}})", "flowship.json"));
}

TEST(Config, ReadsRolesAsItReadsConnectors) {
  const Config config = parse_config(with(R"("roles": {"Admin": "ROL1"}, "connectors": {})"), "flowship.json");
  EXPECT_EQ(config.environment("").overrides.roles.at("Admin"), "ROL1");
  EXPECT_TRUE(config.check.mapped_connectors.at("production").empty());
  EXPECT_EQ(config.check.mapped_roles.at("production").at("Admin"), "ROL1");
  EXPECT_NE(error_of(with(R"("roles": {"Admin": ""})")).message().find("a role's id must not be empty"),
            std::string::npos);
  EXPECT_NE(error_of(with(R"("roles": ["Admin"])")).message().find("`roles`"), std::string::npos);
}

}  // namespace
}  // namespace flowship::deploy
