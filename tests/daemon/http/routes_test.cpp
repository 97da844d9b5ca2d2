#include "daemon/http/routes.hpp"

#include <gtest/gtest.h>

#include <set>

namespace flowship::daemon {
namespace {

using Parts = std::vector<std::string>;

TEST(Routes, MatchWholePaths) {
  EXPECT_EQ(match("/", "/"), Parts{});
  EXPECT_EQ(match("/healthz", "/healthz"), Parts{});
  EXPECT_EQ(match("/flows/<environment>/<flowId>", "/flows/production/sign-up"), (Parts{"production", "sign-up"}));
  for (const char* other : {"", "/", "/healthz/", "//healthz", "/healthz2", "/Healthz"}) {
    EXPECT_FALSE(match("/healthz", other)) << other;
  }
}

TEST(Routes, RejectUnsafeParts) {
  for (const char* other : {"/push/", "/push/a/b", "/push/a%2fb", "/push/a b", "/push/a\\b", "/push/\xc3\xa4"}) {
    EXPECT_FALSE(match("/push/<repository>", other)) << other;
  }
}

TEST(Routes, AreDistinct) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Route& route : routes()) {
    EXPECT_TRUE(seen.insert({route.method, route.pattern}).second) << route.pattern;
  }
}

}  // namespace
}  // namespace flowship::daemon
