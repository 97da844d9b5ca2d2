#include "sandbox/requests.hpp"

#include "json/document.hpp"
#include "sandbox/authorization.hpp"

#include <gtest/gtest.h>

namespace flowship::sandbox {
namespace {

net::IncomingRequest request_with_key(const std::string& key) {
  net::IncomingRequest request;
  request.method = "POST";
  request.target = "/path?token=" + key;
  request.headers.add("Authorization", "Bearer P2project:" + key);
  request.headers.add("X-Debug", "one " + key);
  request.headers.add("x-debug", "two");
  request.headers.add("Cookie", "session=secret");
  request.body = "{\"leak\":\"" + key + "\"}";
  return request;
}

json::Value only(const json::DocumentPtr& document) {
  EXPECT_EQ(document->root().size(), 1U);
  return *document->root().items().begin();
}

TEST(Authorization, IsParsed) {
  const auto authorization = parse_authorization("Bearer P2abc:K2def");
  ASSERT_TRUE(authorization);
  EXPECT_EQ(authorization->project_id, "P2abc");
  EXPECT_EQ(authorization->key.reveal(), "K2def");
  for (const char* header : {"", "Bearer", "Bearer ", "Bearer P2abc", "Bearer P2abc:", "Bearer P2abc:X2def",
                             "Bearer X2abc:K2def", "Basic P2abc:K2def", "Bearer P2abc:K2 def", "Bearer P2/../x:K2def",
                             "Bearer P2abc:K2def:K2ghi", "P2abc:K2def", "Bearer  P2abc:K2def"}) {
    EXPECT_FALSE(parse_authorization(header)) << header;
  }
}

TEST(Authorization, IsAlwaysMasked) {
  EXPECT_EQ(masked("Bearer P2abc:K2def"), "Bearer P2abc:***");
  EXPECT_EQ(masked("Bearer K2def"), "Bearer ***");
  EXPECT_EQ(masked("Basic K2def"), "***");
  EXPECT_EQ(masked(""), "");
}

TEST(RequestLog, MasksKeysEverywhere) {
  const std::string key = "K2" + std::string(26, 'x');
  RequestLog log;
  log.add(request_with_key(key));
  const std::string text = log.to_json();
  EXPECT_EQ(text.find(key), std::string::npos) << text;
  EXPECT_EQ(text.find("session"), std::string::npos) << text;
  const auto document = json::Document::parse(text);
  const json::Value entry = only(document);
  EXPECT_TRUE(entry.find("authorization").is_string("Bearer P2project:***"));
  EXPECT_TRUE(entry.find("body").is_string("{\"leak\":\"***\"}"));
  EXPECT_TRUE(entry.find("headers").find("x-debug").is_string("one ***, two"));
}

TEST(RequestLog, NumbersRequestsWithTheirStatus) {
  RequestLog log;
  EXPECT_EQ(log.add(request_with_key("K2testing")), 1);
  log.clear();
  log.set_status(1, 200);
  EXPECT_EQ(json::Document::parse(log.to_json())->root().size(), 0U);
  const auto number = log.add(request_with_key("K2testing"));
  EXPECT_EQ(number, 2);
  EXPECT_TRUE(only(json::Document::parse(log.to_json())).find("status").is(json::Type::null));
  log.set_status(number, 404);
  log.set_flow(number, "sign-in");
  const auto document = json::Document::parse(log.to_json());
  EXPECT_EQ(only(document).find("status").text(), "404");
  EXPECT_TRUE(only(document).find("flowId").is_string("sign-in"));
}

TEST(RequestLog, IsValidJsonForAnyBytes) {
  net::IncomingRequest request;
  request.target = "/\xff";
  request.body = std::string("\0\x80\"\\", 4);
  RequestLog log;
  log.add(request);
  EXPECT_FALSE(json::Document::read(log.to_json()).fault);
}

}  // namespace
}  // namespace flowship::sandbox
