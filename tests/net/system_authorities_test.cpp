#include "net/system_authorities.hpp"

#include "net/environment.hpp"

#include <gtest/gtest.h>

#include <string>

namespace flowship::net {
namespace {

// Files that exist everywhere, and one that does not.
const std::string kThere = "/dev/null";
const std::string kAlsoThere = "/dev/zero";
const std::string kMissing = "/nonexistent/ca.pem";

TEST(SystemAuthorities, AreTheFirstKnownFileThatExists) {
  EXPECT_EQ(authorities_among({kMissing, kThere, kAlsoThere}, {kMissing}), kThere);
}

TEST(SystemAuthorities, AreLeftToOpenSslWhereItFindsItsOwn) {
  EXPECT_EQ(authorities_among({kThere}, {kMissing, kAlsoThere}), "");
}

TEST(SystemAuthorities, AreNoneWhereNoFileExists) { EXPECT_EQ(authorities_among({kMissing}, {kMissing}), ""); }

TEST(SystemAuthorities, AreLeftToOpenSslWhereAVariableNamesThem) {
  const test::ScopedVariable file("SSL_CERT_FILE", kMissing);
  EXPECT_EQ(system_authorities(), "");
}

}  // namespace
}  // namespace flowship::net
