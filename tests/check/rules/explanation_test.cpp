#include "check/rules/explanation.hpp"

#include "check/engine/check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flowship::check {
namespace {

TEST(Explanations, ExistForEveryRuleInTheSameOrder) {
  std::vector<std::string_view> explained;
  for (const auto& part : {structure_explanations(), content_explanations()}) {
    for (const Explanation& explanation : part) explained.push_back(explanation.rule);
  }
  std::vector<std::string_view> ids;
  for (const RuleFacts& rule : rules()) ids.push_back(rule.id);
  EXPECT_EQ(explained, ids);
}

TEST(Explanations, SayWhyWithAnExampleAndAFix) {
  for (const RuleFacts& rule : rules()) {
    const Explanation& explanation = explanation_of(rule.id);
    EXPECT_EQ(explanation.rule, rule.id);
    EXPECT_TRUE(explanation.why.ends_with('.')) << rule.id;
    EXPECT_TRUE(explanation.fix.ends_with('.')) << rule.id;
    EXPECT_FALSE(explanation.example.empty()) << rule.id;
  }
}

}  // namespace
}  // namespace flowship::check
