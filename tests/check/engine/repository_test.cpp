#include "check/engine/repository.hpp"

#include "check/base_flow.hpp"

#include <gtest/gtest.h>

namespace flowship::check {
namespace {

class Known : public FlowLookup {
 public:
  explicit Known(flow::Reading flows) : flows_(std::move(flows)) {}
  std::optional<flow::Flow> find(const std::string& flow_id) const override {
    const flow::Flow* found = flow::find_flow(flows_, flow_id);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }

 private:
  flow::Reading flows_;
};

/// The base repository, of which only `sign-up` is read.
Files sign_up_alone() {
  Files files = base_repository();
  std::erase_if(files, [](const auto& file) { return file.first.find("sign-up/") == std::string::npos; });
  return files;
}

/// A flow of one task, which runs another flow if that is not empty.
std::string exported(const std::string& id, const std::string& shared, const std::string& runs) {
  const std::string task = runs.empty() ? R"("type": "automated", "action": "logged-in")"
                                        : R"("type": "flow", "arguments": {"flowId": {"value": ")" + runs + "\"}}";
  return R"({"flowId": ")" + id + R"(", "metadata": {"name": "A", "sharedInteractions": [{"id": ")" + shared +
         R"("}]}, "contents": {"startTask": "1", "tasks": {"1": {"id": "1", )" + task +
         R"(, "next": {}}}}, "screens": [], "references": {}})";
}

TEST(Repository, LooksUpFlowsThatWereNotRead) {
  const Known others(read(base_repository()));
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
  const Known others(read({{"collect-profile.json", exported("collect-profile", "2.success", "")}}));
  const std::vector<Finding> findings = check(read(sign_up_alone()), {}, &others);
  ASSERT_EQ(findings.size(), 1U) << listed(findings);
  EXPECT_EQ(findings.front().rule, "rule-interaction");
}

TEST(Repository, FindsCyclesThroughUnreadFlows) {
  const Known others(read({{"collect-profile.json", exported("collect-profile", "1.success", "consent")},
                           {"consent.json", exported("consent", "1.success", "sign-up")}}));
  const std::vector<Finding> findings = check(read(sign_up_alone()), {}, &others);
  ASSERT_EQ(findings.size(), 1U) << listed(findings);
  EXPECT_EQ(findings.front().rule, "subflow-cycle");
  EXPECT_NE(findings.front().message.find("`consent`"), std::string::npos);
}

}  // namespace
}  // namespace flowship::check
