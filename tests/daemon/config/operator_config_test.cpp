#include "daemon/config/operator_config.hpp"

#include "base/error.hpp"
#include "git/git_fixture.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace flowship::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class OperatorFile : public testing::Test {
 protected:
  OperatorFile() {
    secret("key", std::string("K2") + "example");
    secret("token", "0123456789abcdef");
    secret("short", "it's mine");
    secret("empty", "");
    secret("lines", "0123456789abcdef\n0123456789abcdef");
    secret("open", "0123456789abcdef", 0644);
    std::ofstream(folder.path() / "ca.pem") << "";
  }

  void secret(const std::string& name, const std::string& text, unsigned mode = 0600) const {
    std::ofstream(folder.path() / name) << text << "\n";
    std::filesystem::permissions(folder.path() / name, std::filesystem::perms(mode));
  }
  OperatorConfig parse(const std::string& text) const {
    return parse_operator_config(text, "flowshipd.json", folder.path());
  }
  /// With these members at the top.
  OperatorConfig with(const std::string& members) const {
    return parse("{\"data\": \"d\", " + members + kRepositories + "}");
  }
  /// Why it can't be used.
  std::string refusal(const std::string& text) const {
    try {
      parse(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::invalid);
      return error.message() + " " + error.hint();
    }
    return "nothing";
  }
  std::string refusal_with(const std::string& members) const {
    return refusal("{\"data\": \"d\", " + members + kRepositories + "}");
  }
  std::string refusal_in_environment(const std::string& members) const {
    return refusal(R"({"data": "d", "repositories": {"a": {"url": "/a", "environments": {"e": {)" + members + "}}}}}");
  }

  static constexpr const char* kRepositories =
      R"("repositories": {"a": {"url": "/a", "environments": {"production": {}}}})";
  git::TemporaryDirectory folder;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(OperatorFile, ReadsEverything) {
  const OperatorConfig config = parse(R"({
    "listen": "0.0.0.0:9000", "data": "/var/lib/flowship", "statusTokenFile": "token", "driftCheck": "15m",
    "shutdown": "500ms", "unhealthyAfter": "2h", "rateLimit": "100/60s",
    "notify": [{"url": "https://hooks.example/a?b=c", "on": ["failure"], "form": "slack", "caFile": "ca.pem"}],
    "repositories": {"login-flows": {"url": "https://git.example/a.git", "poll": "90s", "webhookSecretFile": "token",
      "environments": {"production": {"managementKeyFile": "key", "baseUrl": "https://api.descope.com",
                                      "caFile": "ca.pem", "projectId": "P2x", "branch": "main"}}}}})");
  EXPECT_EQ(config.address, "0.0.0.0");
  EXPECT_EQ(config.port, 9000);
  EXPECT_EQ(config.data, "/var/lib/flowship");
  EXPECT_EQ(config.status_token.reveal(), "0123456789abcdef");
  EXPECT_EQ(config.drift_check, minutes(15));
  EXPECT_EQ(config.shutdown, milliseconds(500));
  EXPECT_EQ(config.unhealthy_after, minutes(120));
  EXPECT_EQ(config.rate_limit, (api::Rate{100, seconds(60)}));
  ASSERT_EQ(config.notify.size(), 1U);
  EXPECT_EQ(config.notify[0].base_url, "https://hooks.example");
  EXPECT_EQ(config.notify[0].target.reveal(), "/a?b=c");
  EXPECT_EQ(config.notify[0].on, std::set{NotifyConfig::Event::failure});
  EXPECT_EQ(config.notify[0].form, NotifyConfig::Form::slack);
  const RepositoryConfig& repository = config.repositories.at("login-flows");
  EXPECT_EQ(repository.poll, seconds(90));
  EXPECT_EQ(repository.webhook_secret.reveal(), "0123456789abcdef");
  const EnvironmentConfig& environment = repository.environments.at("production");
  EXPECT_EQ(environment.key_file, (folder.path() / "key").string()) << "relative to the file's folder";
  EXPECT_EQ(environment.project_id, "P2x");
  EXPECT_EQ(environment.branch, "main");
}

TEST_F(OperatorFile, RefusesWhatIsNoRateLimit) {
  for (const char* text :
       {R"("")", R"("100")", R"("/60s")", R"("0/60s")", R"("-1/60s")", R"("1/0s")", R"("1/x")", "7"}) {
    EXPECT_TRUE(has(refusal_with("\"rateLimit\": " + std::string(text) + ", "), "`rateLimit`")) << text;
  }
}

TEST_F(OperatorFile, HasDefaults) {
  const OperatorConfig config = with("");
  EXPECT_FALSE(config.rate_limit);
  EXPECT_EQ(config.address, "127.0.0.1");
  EXPECT_EQ(config.shutdown, seconds(30));
  EXPECT_EQ(config.unhealthy_after, minutes(15));
  EXPECT_EQ(config.drift_check, milliseconds(0));
  EXPECT_EQ(config.repositories.at("a").poll, seconds(60));
  EXPECT_TRUE(config.repositories.at("a").webhook_secret.empty());
  EXPECT_EQ(with(R"("listen": "127.0.0.1:0", )").port, 0);
  EXPECT_EQ(with(R"("listen": "[::1]:80", )").address, "::1");
}

TEST_F(OperatorFile, ReportsWhatIsMissing) {
  EXPECT_TRUE(has(refusal("{}"), "flowshipd.json:1:1: `data` is missing"));
  EXPECT_TRUE(has(refusal(R"({"data": "d"})"), "`repositories` is missing"));
  EXPECT_TRUE(has(refusal(R"({"data": "d", "repositories": {}})"), "names no repository"));
  EXPECT_TRUE(has(refusal(R"({"data": "d", "repositories": {"a": {"environments": {"e": {}}}}})"), "needs a `url`"));
  EXPECT_TRUE(has(refusal(R"({"data": "d", "repositories": {"a": {"url": "/a"}}})"), "needs an environment"));
  EXPECT_TRUE(has(refusal_with(R"("notify": [{}], )"), "needs a `url`"));
}

TEST_F(OperatorFile, RejectsUnknownMembersWithASuggestion) {
  EXPECT_TRUE(has(refusal("{\n  \"lisen\": 1}"), "flowshipd.json:2:3: unknown member `lisen` in flowshipd.json"));
  EXPECT_TRUE(has(refusal_with("\"lisen\": 1, "), "did you mean `listen`"));
  EXPECT_TRUE(has(refusal_in_environment("\"sources\": []"), "unknown member `sources` in environment `e`"));
  EXPECT_TRUE(has(refusal_with(R"("notify": [{"uri": ""}], )"), "did you mean `url`"));
}

TEST_F(OperatorFile, ListeningBeyondLoopbackRequiresAToken) {
  EXPECT_TRUE(has(refusal_with(R"("listen": "0.0.0.0:80", )"), "requires `statusTokenFile`"));
  EXPECT_TRUE(has(refusal_with(R"("listen": "192.0.2.1:80", )"), "requires `statusTokenFile`"));
  EXPECT_EQ(refusal_with(R"("listen": "127.0.0.2:80", )"), "nothing");
  for (const char* listen : {"8642", "127.0.0.1", "[::1]", "example.org:80", "127.0.0.1:http", "127.0.0.1:70000", ""}) {
    EXPECT_TRUE(has(refusal_with("\"listen\": \"" + std::string(listen) + "\", "), "`listen` must")) << listen;
  }
}

TEST_F(OperatorFile, SecretsMustBePrivate) {
  EXPECT_TRUE(has(refusal_with(R"("statusTokenFile": "open", )"), "can be read or changed by others"));
  EXPECT_TRUE(has(refusal_with(R"("statusTokenFile": "none", )"), "there is no file"));
  EXPECT_TRUE(has(refusal_with(R"("statusTokenFile": "empty", )"), "does not contain a valid secret"));
  EXPECT_TRUE(has(refusal_with(R"("statusTokenFile": "lines", )"), "does not contain a valid secret"));
  EXPECT_TRUE(has(refusal_in_environment(R"("managementKeyFile": "open")"), "can be read or changed by others"));
  EXPECT_TRUE(has(refusal_in_environment(R"("managementKeyFile": "none")"), "1:95: there is no key file"));
  EXPECT_TRUE(has(refusal_in_environment(R"("managementKeyFile": "token")"), "not a valid management key"));
}

TEST_F(OperatorFile, WarnsAboutShortSecrets) {
  EXPECT_TRUE(weaknesses(with(R"("statusTokenFile": "token", )")).empty());
  const OperatorConfig config = with(R"("statusTokenFile": "short", )");
  EXPECT_EQ(config.status_token.reveal(), "it's mine");
  ASSERT_EQ(weaknesses(config).size(), 1U);
  EXPECT_TRUE(has(weaknesses(config).front(), "the status token is short"));
}

TEST_F(OperatorFile, RejectsUnsafeUrls) {
  EXPECT_TRUE(has(refusal_in_environment(R"("baseUrl": "http://api.descope.com")"), "http"));
  EXPECT_EQ(refusal_in_environment(R"("baseUrl": "http://127.0.0.1:1")"), "nothing");
  EXPECT_TRUE(has(refusal_in_environment(R"("projectId": "x/y")"), "project id"));
  EXPECT_TRUE(has(refusal_in_environment(R"("caFile": "none.pem")"), "there is no file"));
  EXPECT_TRUE(has(refusal(R"({"data": "d", "repositories": {"a": {"url": "ext::sh", "environments": {"e": {}}}}})"),
                  "can't be used"));
  EXPECT_TRUE(has(refusal_with(R"("notify": [{"url": "http://hooks.example/"}], )"), "http"));
}

TEST_F(OperatorFile, RejectsUnsafeNames) {
  EXPECT_TRUE(has(refusal(R"({"data": "d", "repositories": {"../a": {}}})"), "a repository's name"));
  EXPECT_TRUE(has(refusal(R"({"data": "d", "repositories": {"a": {"url": "/a", "environments": {"a/b": {}}}}})"),
                  "an environment's name"));
  for (const char* branch : {"a b", "../x", "a..b", "-x", "-\\n", "a:b", "HEAD", "refs/heads/main"}) {
    EXPECT_TRUE(has(refusal_in_environment("\"branch\": \"" + std::string(branch) + "\""), "name of a branch"))
        << branch;
  }
}

TEST_F(OperatorFile, ReadsAllowedHosts) {
  EXPECT_EQ(with(R"("allowedHosts": ["Flowship.Example.", "192.0.2.7", "::1"], )").allowed_hosts,
            (std::set<std::string>{"flowship.example", "192.0.2.7", "::1"}));
  EXPECT_TRUE(with("").allowed_hosts.empty());
  for (const char* host : {".", "a:80", "https://a", "*.a", "a b"}) {
    EXPECT_TRUE(has(refusal_with("\"allowedHosts\": [\"" + std::string(host) + "\"], "), "host names")) << host;
  }
}

TEST_F(OperatorFile, RefusesEmptyTextsAndKeys) {
  for (const char* members : {R"("branch": "")", R"("projectId": "")", R"("config": "")"}) {
    EXPECT_TRUE(has(refusal_in_environment(members), "must not be empty")) << members;
  }
  const std::string key = "K2" + std::string(40, 'x');
  const std::string text = refusal_in_environment("\"branch\": \"x-" + key + "\"");
  EXPECT_TRUE(has(text, "the form of a management key"));
  EXPECT_FALSE(has(text, key));
}

TEST_F(OperatorFile, DurationsHaveAUnit) {
  for (const char* text : {"30", "s", "1d", "-1s", "1.5s"}) {
    EXPECT_TRUE(has(refusal_with("\"shutdown\": \"" + std::string(text) + "\", "), "`shutdown` must be a number"))
        << text;
  }
  EXPECT_TRUE(has(refusal_with("\"shutdown\": 30, "), "must be a string"));
}

}  // namespace
}  // namespace flowship::daemon
