#include "net/url.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::net {
namespace {

TEST(Url, IsTakenApart) {
  const Url plain = parse_base_url("https://api.descope.com");
  EXPECT_TRUE(plain.secure);
  EXPECT_EQ(plain.host, "api.descope.com");
  EXPECT_EQ(plain.port, 443);
  EXPECT_EQ(plain.prefix, "");
  EXPECT_EQ(plain.host_field(), "api.descope.com");
  EXPECT_EQ(plain.authority(), "api.descope.com:443");

  const Url full = parse_base_url("HTTPS://Api.Example:8443/base/path//");
  EXPECT_EQ(full.host, "api.example");
  EXPECT_EQ(full.port, 8443);
  EXPECT_EQ(full.prefix, "/base/path");
  EXPECT_EQ(full.host_field(), "api.example:8443");

  const Url six = parse_base_url("http://[::1]:80/");
  EXPECT_FALSE(six.secure);
  EXPECT_EQ(six.host, "::1");
  EXPECT_EQ(six.host_field(), "[::1]");
  EXPECT_EQ(six.authority(), "[::1]:80");
  EXPECT_EQ(six.prefix, "");
}

TEST(Url, IsRefusedAsWrongUsageWhenMalformed) {
  for (const std::string text :
       {"", "api.descope.com", "ftp://a", "https://", "https:///path", "https://a:0", "https://a:65536", "https://a:1x",
        "https://a b", "https://a\r\nX: y", "https://[::1", "https://[x]", "https://::1", "https://a/b?c",
        "https://a/b#c", "https://a/b c", "https://a/\r\nX: y", "https://user@a", "https://ä"}) {
    try {
      parse_base_url(text);
      ADD_FAILURE() << "taken: " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage) << text;
      EXPECT_FALSE(error.hint().empty()) << text;
      EXPECT_EQ(error.message().find_first_of("\r\n"), std::string::npos) << text;
    }
  }
}

TEST(Url, NeverShowsAPasswordItRefuses) {
  for (const std::string text : {"https://me:s3cret@host", "me:s3cret@host", "https://me:s3c@ret@host/x"}) {
    try {
      parse_base_url(text);
      ADD_FAILURE() << "taken: " << text;
    } catch (const Error& error) {
      EXPECT_EQ((error.message() + error.hint()).find("s3c"), std::string::npos) << error.message();
      EXPECT_EQ((error.message() + error.hint()).find("ret@"), std::string::npos) << error.message();
    }
  }
}

TEST(Url, IsPlainHttpOnlyToThisMachine) {
  for (const std::string text :
       {"http://localhost:1", "http://LOCALHOST", "http://127.0.0.1", "http://127.9.9.9:1", "http://[::1]:2"}) {
    EXPECT_TRUE(parse_base_url(text).is_loopback()) << text;
  }
  for (const std::string text : {"http://api.descope.com", "http://10.0.0.1", "http://0.0.0.0", "http://[::]",
                                 "http://localhost.example", "http://127.0.0.1.example", "http://[::ffff:10.0.0.1]"}) {
    EXPECT_THROW(parse_base_url(text), Error) << text;
  }
}

}  // namespace
}  // namespace flowship::net
