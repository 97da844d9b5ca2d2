#include "deploy/ledger/kept_export.hpp"

#include "base/error.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

const std::string kSalt(64, 'a');
/// Put together here, so that no text in the repository looks like a token.
const std::string kToken = std::string("ghp") + "_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6Q7r8";

std::string flow_text(const std::string& args) {
  return R"({"flowId": "a", "contents": {"startTask": "1", "tasks": {"1": {"args": {)" + args + "}}}}}";
}

std::string digested(const std::string& args) { return with_secrets_digested(flow_text(args), kSalt); }

flow::Flow flow_of(const std::string& text) {
  const json::DocumentPtr document = json::Document::parse(text);
  return flow::flow_of_export(document, document->root());
}

TEST(KeptExport, DigestsValuesThatAreSecretByNameOrForm) {
  const std::string text = digested(R"("clientSecret": "hunter2", "pin": {"token": 4711}, "note": "use )" + kToken +
                                    R"(\nnow", "name": "Ada")");
  for (const char* secret : {"hunter2", "4711", "ghp_"}) EXPECT_EQ(text.find(secret), std::string::npos) << secret;
  EXPECT_NE(text.find(R"("name": "Ada")"), std::string::npos);
  EXPECT_TRUE(has_digests(text));
  EXPECT_TRUE(json::Document::read(text).document);
}

TEST(KeptExport, LeavesEverythingElseByteForByte) {
  const std::string text = flow_text(R"("name" : "secret", "password": "", "apiKey": "{{context.key}}", "n": 1.50)");
  EXPECT_EQ(with_secrets_digested(text, kSalt), text);
  EXPECT_FALSE(has_digests(text));
}

TEST(KeptExport, DigestsAreTheSameForTheSameValueHoweverItIsEscaped) {
  EXPECT_EQ(digested(R"("password": "a/b")"), digested(R"("password": "a\/b")"));
  EXPECT_NE(digested(R"("password": "a/b")"), digested(R"("password": "a/c")"));
  EXPECT_NE(with_secrets_digested(flow_text(R"("password": "a")"), std::string(64, 'b')),
            digested(R"("password": "a")"));
  EXPECT_NE(digested(R"("token": 5)"), digested(R"("token": "5")"));
}

TEST(KeptExport, IsDigestedOnce) {
  const std::string once = digested(R"("password": "a")");
  EXPECT_EQ(with_secrets_digested(once, kSalt), once);
}

TEST(KeptExport, EqualsTheLiveFlowUntilASecretChanges) {
  const std::string live = flow_text(R"("password": "a\/b", "name": "Ada")");
  const KeptExport kept(with_secrets_digested(live, kSalt), kSalt, "after/a.json");
  EXPECT_TRUE(kept.has_digests());
  EXPECT_TRUE(flow::same(kept.flow({live}), flow_of(live)));
  EXPECT_FALSE(flow::same(kept.flow(), flow_of(live)));
  const std::string changed = flow_text(R"("password": "other", "name": "Ada")");
  EXPECT_EQ(flow::differences(kept.flow({changed}), flow_of(changed)).size(), 1U);
  const std::string renamed = flow_text(R"("password": "a/b", "name": "Bob")");
  const flow::Flow now = flow_of(renamed);
  const flow::Flow then = kept.flow({renamed});
  const std::vector<json::Difference> differences = flow::differences(then, now);
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].pointer, "/contents/tasks/1/args/name");
}

TEST(KeptExport, TakesAValueFromAnyOfSeveralTexts) {
  const std::string live = flow_text(R"("password": "a", "secret": "b")");
  const KeptExport kept(with_secrets_digested(live, kSalt), kSalt, "after/a.json");
  EXPECT_TRUE(flow::same(kept.flow({flow_text(R"("x": "b")"), flow_text(R"("y": "a")")}), flow_of(live)));
}

TEST(KeptExport, ADigestIsShownAsAnyOtherSecret) {
  EXPECT_EQ(with_digests_masked("\"" + std::string(kDigestMark) + std::string(64, '0') + "\", \"x\""),
            "\"********\", \"x\"");
}

TEST(KeptExport, ADigestIsNeverSentOrWritten) {
  EXPECT_NO_THROW(refuse_digests(flow_of(flow_text(R"("password": "a")")), "written"));
  EXPECT_THROW(refuse_digests(flow_of(digested(R"("password": "a")")), "written"), Error);
}

TEST(KeptExport, ASaltIsMadeOnce) {
  Record record;
  add_digest_salt(record);
  const std::string salt = record.digest_salt;
  EXPECT_EQ(salt.size(), 64U);
  add_digest_salt(record);
  EXPECT_EQ(record.digest_salt, salt);
}

}  // namespace
}  // namespace flowship::deploy
