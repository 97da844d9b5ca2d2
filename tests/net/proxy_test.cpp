#include "net/proxy.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <map>

namespace flowship::net {
namespace {

using Environment = std::map<std::string, std::string>;

std::optional<Proxy> proxy(const std::string& url, const Environment& environment) {
  return proxy_for(parse_base_url(url), [&](const std::string& name) -> std::optional<std::string> {
    const auto at = environment.find(name);
    if (at == environment.end()) return std::nullopt;
    return at->second;
  });
}

TEST(Proxy, IsNoneUnlessOneIsNamed) {
  EXPECT_FALSE(proxy("https://a.example", {}));
  EXPECT_FALSE(proxy("https://a.example", {{"HTTPS_PROXY", ""}}));
  EXPECT_FALSE(proxy("https://a.example", {{"HTTP_PROXY", "http://p:1"}}));
}

TEST(Proxy, IsReadInEitherCaseTheLowerFirst) {
  EXPECT_EQ(proxy("https://a.example", {{"HTTPS_PROXY", "http://upper:1"}})->host, "upper");
  EXPECT_EQ(proxy("https://a.example", {{"https_proxy", "http://lower:2"}})->port, 2);
  EXPECT_EQ(proxy("https://a.example", {{"HTTPS_PROXY", "up:1"}, {"https_proxy", "http://low:2"}})->host, "low");
}

TEST(Proxy, IsTakenWithAndWithoutSchemePortAndUser) {
  EXPECT_EQ(proxy("https://a.example", {{"HTTPS_PROXY", "p.example"}})->port, 1080);
  EXPECT_EQ(proxy("https://a.example", {{"HTTPS_PROXY", "http://p.example:3128/"}})->port, 3128);
  EXPECT_EQ(proxy("https://a.example", {{"HTTPS_PROXY", "http://[::1]:3128"}})->host, "::1");
  EXPECT_EQ(proxy("https://a.example", {{"HTTPS_PROXY", "http://p:1"}})->user, "");
  const auto with_password = proxy("https://a.example", {{"HTTPS_PROXY", "http://me:p%40ss:word@p:1"}});
  EXPECT_EQ(with_password->user, "me");
  EXPECT_EQ(with_password->password, "p@ss:word");
}

TEST(Proxy, ThatCannotBeUsedIsRefusedWithoutShowingItsPassword) {
  for (const std::string text : {"socks5://p:1", "https://p:1", "http://me:s3cret@", "http://me:s3cret@p:x",
                                 "http://me:s3cret@p q:1", "ftp://me:s3cret@p"}) {
    try {
      proxy("https://a.example", {{"HTTPS_PROXY", text}});
      ADD_FAILURE() << "taken: " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage) << text;
      EXPECT_EQ((error.message() + error.hint()).find("s3cret"), std::string::npos) << error.message();
    }
  }
}

TEST(Proxy, IsNotUsedForWhatNoProxyExcepts) {
  const auto used = [](const std::string& url, const std::string& list) {
    return proxy(url, {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", list}}).has_value();
  };
  EXPECT_FALSE(used("https://a.example", "*"));
  EXPECT_FALSE(used("https://a.example", "A.Example"));
  EXPECT_FALSE(used("https://a.example", "b.example, a.example"));
  EXPECT_FALSE(used("https://a.example", "example"));
  EXPECT_FALSE(used("https://a.example", ".example"));
  EXPECT_FALSE(used("https://a.example", "*.example"));
  EXPECT_FALSE(used("https://a.example:8443", "a.example:8443"));
  EXPECT_FALSE(used("https://127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(used("https://[::1]", "::1"));
  EXPECT_FALSE(used("https://[::1]:8443", "[::1]:8443"));
  EXPECT_TRUE(used("https://a.example", "a.example:8443"));
  EXPECT_TRUE(used("https://a.example", "b.example"));
  EXPECT_TRUE(used("https://ba.example", "a.example"));
  EXPECT_TRUE(used("https://a.example.org", "a.example"));
  EXPECT_TRUE(used("https://127.0.0.1", "0.0.1"));
  EXPECT_TRUE(used("https://a.example", ", ,"));
}

TEST(Proxy, IsNotUsedForRangesOfAddressesAndWhateverTheFinalDots) {
  const auto used = [](const std::string& url, const std::string& list) {
    return proxy(url, {{"HTTPS_PROXY", "http://p:1"}, {"NO_PROXY", list}}).has_value();
  };
  EXPECT_FALSE(used("https://10.1.2.3", "10.0.0.0/8"));
  EXPECT_FALSE(used("https://10.1.2.3:8443", "192.168.0.0/16,10.1.2.3/32"));
  EXPECT_FALSE(used("https://8.8.8.8", "0.0.0.0/0"));
  EXPECT_FALSE(used("https://[fd00::1]", "fd00::/8"));
  EXPECT_TRUE(used("https://11.1.2.3", "10.0.0.0/8"));
  EXPECT_TRUE(used("https://10.1.3.3", "10.1.2.0/24"));
  EXPECT_TRUE(used("https://[fe00::1]", "fd00::/8"));
  EXPECT_TRUE(used("https://10.1.2.3", "fd00::/8"));
  EXPECT_TRUE(used("https://a.example", "10.0.0.0/8"));
  for (const std::string malformed : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "/8", "fd00::/129"}) {
    EXPECT_TRUE(used("https://10.1.2.3", malformed)) << malformed;
  }
  EXPECT_FALSE(used("https://a.example.", "a.example"));
  EXPECT_FALSE(used("https://a.example", "a.example."));
  EXPECT_FALSE(used("https://a.example.:8443", ".example.:8443"));
}

TEST(Proxy, IsNeverGivenPlainHttp) {
  EXPECT_FALSE(proxy("http://localhost:1", {{"HTTPS_PROXY", "http://p:1"}, {"HTTP_PROXY", "http://p:1"}}));
}

}  // namespace
}  // namespace flowship::net
