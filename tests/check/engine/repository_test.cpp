#include "check/engine/repository.hpp"

#include "check/base_flow.hpp"

#include <gtest/gtest.h>

namespace flowship::check {
namespace {

class Known : public FlowLookup {
 public:
  explicit Known(std::map<std::string, FlowSummary> flows) : flows_(std::move(flows)) {}
  std::optional<FlowSummary> find(const std::string& flow_id) const override {
    const auto found = flows_.find(flow_id);
    return found == flows_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, FlowSummary> flows_;
};

/// The base repository, of which only `sign-up` is read.
Files sign_up_alone() {
  Files files = base_repository();
  std::erase_if(files, [](const auto& file) { return file.first.find("sign-up/") == std::string::npos; });
  return files;
}

TEST(Repository, LooksUpFlowsThatWereNotRead) {
  const Known others({{"collect-profile", {{"1.success"}, {}}}});
  const std::vector<Finding> findings = check(read(sign_up_alone()), {}, &others);
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(Repository, ReportsMissingSubflows) {
  const std::vector<Finding> findings = check(read(sign_up_alone()), {});
  ASSERT_EQ(findings.size(), 1U) << listed(findings);
  EXPECT_EQ(findings.front().rule, "missing-subflow");
  EXPECT_EQ(findings.front().flow_id, "sign-up");
}

TEST(Repository, KnowsTheInteractionsOfUnreadFlows) {
  const Known others({{"collect-profile", {{"2.success"}, {}}}});
  const std::vector<Finding> findings = check(read(sign_up_alone()), {}, &others);
  ASSERT_EQ(findings.size(), 1U) << listed(findings);
  EXPECT_EQ(findings.front().rule, "rule-interaction");
}

TEST(Repository, FindsCyclesThroughUnreadFlows) {
  const Known others({{"collect-profile", {{"1.success"}, {"consent"}}}, {"consent", {{}, {"sign-up"}}}});
  const std::vector<Finding> findings = check(read(sign_up_alone()), {}, &others);
  ASSERT_EQ(findings.size(), 1U) << listed(findings);
  EXPECT_EQ(findings.front().rule, "subflow-cycle");
  EXPECT_NE(findings.front().message.find("`consent`"), std::string::npos);
}

}  // namespace
}  // namespace flowship::check
