#include "daemon/http/webhook_event.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

using Reader = std::vector<RefUpdate> (*)(json::Value);

const std::string kCommit = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";
const std::string kZeros(40, '0');

std::vector<RefUpdate> read_with(Reader reader, const std::string& text) {
  return reader(json::Document::parse(text, "payload")->root());
}

/// Why it is refused; empty when it is not.
std::string refusal(Reader reader, const std::string& text) {
  try {
    read_with(reader, text);
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::invalid);
    return error.message();
  }
}

std::string push(const std::string& ref, const std::string& after) {
  return R"({"ref": ")" + ref + R"(", "after": ")" + after + R"("})";
}

TEST(Payload, OfAPushHasRefAndCommit) {
  EXPECT_EQ(read_with(read_push, push("refs/heads/main", kCommit)),
            (std::vector<RefUpdate>{{"refs/heads/main", kCommit}}));
  const std::string sha256(64, 'A');
  EXPECT_EQ(read_with(read_push, push("refs/heads/a/b", sha256)), (std::vector<RefUpdate>{{"refs/heads/a/b", sha256}}));
}

TEST(Payload, OfADeletionHasNoCommit) {
  EXPECT_EQ(read_with(read_push, push("refs/heads/main", kZeros)), (std::vector<RefUpdate>{{"refs/heads/main", ""}}));
}

TEST(Payload, DistinguishesBranchesFromOtherRefs) {
  EXPECT_EQ((RefUpdate{"refs/heads/a/b", kCommit}.branch()), "a/b");
  EXPECT_FALSE((RefUpdate{"refs/tags/v1", kCommit}.branch()));
}

TEST(Payload, RejectsInvalidRefs) {
  for (const char* ref : {"main", "HEAD", "refs/heads/", "refs/heads/..", "refs/heads/a..b", "refs/heads/a b",
                          "refs/heads/-\\u0000", "refs/heads/a~1", "refs/heads/a.lock", "/refs/heads/a",
                          "--upload-pack=x", "refs/heads/a\\nb", "refs/../heads/a"}) {
    EXPECT_NE(refusal(read_push, push(ref, kCommit)).find("not the full name"), std::string::npos) << ref;
  }
}

TEST(Payload, RejectsAbbreviatedCommits) {
  const std::string without_last = kCommit.substr(1);
  for (const std::string& id :
       {std::string("main"), without_last, kCommit + "0", without_last + "g", "-" + without_last}) {
    EXPECT_NE(refusal(read_push, push("refs/heads/main", id)).find("not a full id"), std::string::npos) << id;
  }
}

TEST(Payload, ReportsThePositionOfAnError) {
  EXPECT_EQ(refusal(read_push, R"({"ref": 7, "after": "x"})").find("payload:1:9: "), 0U);
  for (const char* text : {"{}", "[]", "7", "null", R"({"ref": "refs/heads/main"})", R"({"after": "x"})",
                           R"({"ref": {}, "after": []})", "", "{", "{\"ref\":\"a\",\"ref\":\"b\"}"}) {
    EXPECT_NE(refusal(read_push, text), "") << text;
    EXPECT_NE(refusal(read_bitbucket_push, text), "") << text;
  }
}

TEST(BitbucketPayload, OfCloudMayHaveSeveralChanges) {
  const std::string text = R"({"push": {"changes": [
    {"old": null, "new": {"type": "branch", "name": "main", "target": {"type": "commit", "hash": ")" +
                           kCommit + R"("}}},
    {"old": {"type": "branch", "name": "gone"}, "new": null},
    {"old": null, "new": {"type": "tag", "name": "v1", "target": {"hash": ")" +
                           kCommit + R"("}}}]}})";
  EXPECT_EQ(read_with(read_bitbucket_push, text),
            (std::vector<RefUpdate>{{"refs/heads/main", kCommit}, {"refs/heads/gone", ""}, {"refs/tags/v1", kCommit}}));
}

TEST(BitbucketPayload, OfDataCenterNamesRefsInFull) {
  const std::string text = R"({"eventKey": "repo:refs_changed", "changes": [
    {"ref": {"id": "refs/heads/main", "type": "BRANCH"}, "toHash": ")" +
                           kCommit + R"(", "type": "UPDATE"},
    {"ref": {"id": "refs/heads/gone", "type": "BRANCH"}, "toHash": ")" +
                           kZeros + R"(", "type": "DELETE"}]})";
  EXPECT_EQ(read_with(read_bitbucket_push, text),
            (std::vector<RefUpdate>{{"refs/heads/main", kCommit}, {"refs/heads/gone", ""}}));
}

TEST(BitbucketPayload, OfAnotherShapeIsRejected) {
  for (const char* text :
       {R"({"push": 7})", R"({"push": {"changes": 7}})", R"({"push": {"changes": [7]}})", R"({"changes": [{}]})",
        R"({"push": {"changes": [{"new": null, "old": null}]}})", R"({"push": {"changes": [{"new": {"name": "a"}}]}})",
        R"({"push": {"changes": [{"new": {"type": "branch", "name": "../x", "target": {"hash": "0"}}}]}})"}) {
    EXPECT_NE(refusal(read_bitbucket_push, text), "") << text;
  }
}

TEST(FormPayload, IsDecoded) {
  EXPECT_EQ(payload_of_form("payload=%7B%22a%22%3A+1%7d"), R"({"a": 1})");
  EXPECT_EQ(payload_of_form("payload={}&more=1"), "{}");
  for (const char* form : {"", "{}", "other=1", "payload=%", "payload=%7", "payload=%7x", "payload=%-1"}) {
    EXPECT_FALSE(payload_of_form(form)) << form;
  }
}

}  // namespace
}  // namespace flowship::daemon
