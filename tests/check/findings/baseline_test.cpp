#include "check/findings/baseline.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::check {
namespace {

Finding finding_at(const std::string& message, int line) {
  Finding finding;
  finding.rule = "no-end";
  finding.message = message;
  finding.path = "a.json";
  finding.line = line;
  return finding;
}

const std::string kOne =
    R"({"findings": [{"rule": "no-end", "path": "a.json", "flowId": null, "message": "m", "line": 7}]})";

TEST(Baseline, RemovesAKnownFindingWhateverItsLine) {
  std::vector<Finding> findings{finding_at("m", 1)};
  EXPECT_EQ(remove_known(kOne, "b.json", findings), 1U);
  EXPECT_TRUE(findings.empty());
}

TEST(Baseline, KeepsWhatDiffersAndASecondOneLikeIt) {
  std::vector<Finding> findings{finding_at("m", 1), finding_at("m", 2), finding_at("other", 7)};
  Finding of_a_flow = finding_at("m", 3);
  of_a_flow.flow_id = "sign-up";
  findings.push_back(of_a_flow);
  EXPECT_EQ(remove_known(kOne, "b.json", findings), 1U);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings.front().line, 2);
}

TEST(Baseline, RefusesAnotherDocument) {
  std::vector<Finding> findings;
  for (const char* text : {"", "[]", "{}", R"({"findings": {}})", R"({"findings": [{"rule": "no-end"}]})"}) {
    EXPECT_THROW(remove_known(text, "b.json", findings), Error) << text;
  }
}

}  // namespace
}  // namespace flowship::check
