#include "daemon/http/access.hpp"

#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

const char* const kToken = "a-token-of-many-letters";

bool may(const std::string& authorization) {
  OperatorConfig config;
  config.status_token = Secret(kToken);
  net::IncomingRequest request;
  if (!authorization.empty()) request.headers.add("Authorization", authorization);
  return may_view(request, config);
}

TEST(Access, NeedsNoTokenIfNoneIsConfigured) { EXPECT_TRUE(may_view({}, OperatorConfig{})); }

TEST(Access, AcceptsABearerToken) {
  EXPECT_TRUE(may(std::string("Bearer ") + kToken));
  EXPECT_TRUE(may(std::string("bearer  ") + kToken));
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "Bearer a-token-of-many-letterS", "Bearer a-token-of-many-letters2",
        "a-token-of-many-letters", "Token a-token-of-many-letters"}) {
    EXPECT_FALSE(may(wrong)) << wrong;
  }
}

TEST(Access, AcceptsTheTokenAsBasicPassword) {
  EXPECT_TRUE(may("Basic " + to_base64(std::string("anybody:") + kToken)));
  EXPECT_TRUE(may("Basic " + to_base64(std::string(":") + kToken)));
  EXPECT_FALSE(may("Basic " + to_base64(std::string(kToken) + ":")));
  EXPECT_FALSE(may("Basic " + to_base64(kToken)));
  EXPECT_FALSE(may("Basic !!!"));
}

TEST(Access, TellsItsOwnPagesFromOthers) {
  const auto is_own = [](const std::vector<std::pair<const char*, const char*>>& fields) {
    net::IncomingRequest request;
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    return is_same_origin(request);
  };
  EXPECT_TRUE(is_own({{"Host", "localhost:8642"}, {"Origin", "http://localhost:8642"}}));
  EXPECT_TRUE(is_own({{"Host", "Flows.example"}, {"Origin", "https://flows.example"}})) << "behind a proxy with TLS";
  EXPECT_TRUE(is_own({{"Host", "a"}, {"Origin", "http://a"}, {"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_FALSE(is_own({{"Host", "a"}, {"Origin", "http://a"}, {"Sec-Fetch-Site", "same-site"}}));
  EXPECT_FALSE(is_own({{"Host", "a"}, {"Origin", "http://a:8080"}}));
  EXPECT_FALSE(is_own({{"Host", "a"}, {"Origin", "http://a.evil.example"}}));
  EXPECT_FALSE(is_own({{"Host", "a"}, {"Origin", "null"}}));
  EXPECT_FALSE(is_own({{"Host", "a"}}));
  EXPECT_FALSE(is_own({{"Origin", "http://a"}}));
}

TEST(Access, ServesOnlyItsOwnHosts) {
  OperatorConfig config;
  config.address = "192.0.2.7";
  config.allowed_hosts = {"flowship.example"};
  const auto serves = [&](const std::string& host) {
    net::IncomingRequest request;
    request.headers.add("Host", host);
    return names_this_host(request, config);
  };
  for (const char* host :
       {"localhost", "localhost:8642", "LOCALHOST.", "127.0.0.1:1", "127.8.9.1", "[::1]:8642", "[::1]",
        "192.0.2.7:8642", "flowship.example", "Flowship.Example:443", "flowship.example."}) {
    EXPECT_TRUE(serves(host)) << host;
  }
  for (const char* host : {"evil.example", "evil.example:8642", "localhost.evil.example", "127.0.0.1.evil.example",
                           "192.0.2.8", "0.0.0.0", "", "user@localhost", "localhost:8642:1", "a.flowship.example"}) {
    EXPECT_FALSE(serves(host)) << host;
  }
  EXPECT_TRUE(names_this_host({}, config)) << "no browser leaves it out";
}

}  // namespace
}  // namespace flowship::daemon
