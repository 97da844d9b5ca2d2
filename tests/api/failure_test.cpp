#include "api/failure.hpp"

#include "base/base64.hpp"
#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <cctype>

namespace flowship::api {
namespace {

net::Response answer(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

TEST(Failure, ReportsAllErrorMembers) {
  const Failure failure = failure_of(
      answer(400, R"({"errorCode":"E011003","errorDescription":"Request is invalid","errorMessage":"bad screen"})"),
      Secret("Kkey"));
  EXPECT_EQ(failure.kind, Failure::Kind::refused);
  EXPECT_EQ(failure.code, "E011003");
  EXPECT_EQ(failure.message, "the service answered 400 E011003: Request is invalid: bad screen");
}

TEST(Failure, CopesWithoutAnErrorBody) {
  EXPECT_EQ(failure_of(answer(502, "<html>Bad gateway</html>"), Secret()).message, "the service answered 502");
}

TEST(Failure, SaysWhereARedirectPoints) {
  net::Response redirect = answer(302, "");
  redirect.headers.add("Location", "https://login.example/?k=Ksecret");
  EXPECT_EQ(failure_of(redirect, Secret("Ksecret")).message,
            "the service answered 302, a redirect to https://login.example/?k=*** that flowship does not follow");
}

TEST(Failure, DistinguishesARefusedKeyFromARefusedRequest) {
  EXPECT_EQ(failure_of(answer(401, ""), Secret()).kind, Failure::Kind::credentials);
  EXPECT_EQ(failure_of(answer(403, ""), Secret()).kind, Failure::Kind::credentials);
  EXPECT_EQ(failure_of(answer(404, ""), Secret()).kind, Failure::Kind::refused);
  EXPECT_EQ(failure_of(answer(504, ""), Secret()).kind, Failure::Kind::unknown);
}

TEST(Failure, MasksAKeyThatTheServiceEchoesEncoded) {
  const std::string key = "K2AbCdEfGhIjKlMnOpQrStUvWxYz";
  const std::string pair = "P2AbC:" + key;
  std::string percent;
  std::string capitals = hex(key);
  for (std::size_t at = 0; at < key.size(); ++at) percent += "%" + hex(key).substr(2 * at, 2);
  for (char& letter : capitals) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  for (const std::string& form :
       {key, to_base64(key), to_base64(pair), to_base64("Bearer " + pair), to_base64(pair + "x"),
        to_base64("x" + pair + "yz"), hex(key), capitals, percent, "P2AbC%3A" + key, "%4B" + key.substr(1)}) {
    const Failure failure = failure_of(answer(401, R"({"errorDescription":"bad )" + form + R"( here"})"), Secret(key));
    EXPECT_TRUE(failure.description.starts_with("bad ") && failure.description.ends_with("*** here"))
        << form << ": " << failure.description;
    EXPECT_LT(failure.description.size(), 24U) << failure.description;
  }
  const std::string other = "hex " + hex("another text that is long") + " " + to_base64("another text that is long");
  EXPECT_EQ(failure_of(answer(401, R"({"errorDescription":")" + other + R"("})"), Secret(key)).description, other);
}

TEST(Failure, MasksAKeyThatTheServiceEchoes) {
  const Failure failure = failure_of(answer(401, R"({"errorDescription":"key KsecretKsecret is KsecretKsecret"})"),
                                     Secret("KsecretKsecret"));
  EXPECT_EQ(failure.description, "key *** is ***");
  EXPECT_EQ(failure.message.find("Ksecret"), std::string::npos);
}

TEST(Failure, EscapesControlCharacters) {
  EXPECT_EQ(failure_of(answer(400, R"({"errorDescription":"a\u001b[31mb\n"})"), Secret()).description,
            "a\\x1b[31mb\\n");
}

TEST(Failure, CutsLongTextsBetweenCharacters) {
  for (int before = 0; before < 4; ++before) {
    const std::string description = std::string(static_cast<std::size_t>(before), 'x') + [] {
      std::string text;
      for (int i = 0; i < 200; ++i) text += "👋";
      return text;
    }();
    const std::string shown =
        failure_of(answer(400, "{\"errorDescription\":\"" + description + "\"}"), Secret()).description;
    EXPECT_TRUE(shown.ends_with("👋…")) << shown;
  }
}

}  // namespace
}  // namespace flowship::api
