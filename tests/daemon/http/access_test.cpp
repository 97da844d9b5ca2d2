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

}  // namespace
}  // namespace flowship::daemon
