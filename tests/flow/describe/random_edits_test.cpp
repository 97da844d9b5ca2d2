#include "flow/random_edits.hpp"

#include "flow/compare/compare.hpp"
#include "flow/describe/description.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// After any edit: two flows have a description if and only if they differ.

namespace flowship::flow {
namespace {

void expect_told(const std::string& before, const std::string& after) {
  const Flow a = flow_of(before);
  const Flow b = flow_of(after);
  const Description description = describe(a, b);
  ASSERT_EQ(description.empty(), same(a, b)) << before << "\n\n" << after;
  for (const Statement& statement : description) ASSERT_FALSE(statement.fragments.empty());
}

TEST(RandomEdits, HaveADescriptionIfAndOnlyIfFlowsDiffer) {
  const std::vector<std::string> texts = example_texts();
  ASSERT_GE(texts.size(), 9U);
  Random random(4711);
  int different = 0;
  for (const std::string& original : texts) {
    std::string text = original;
    for (int round = 0; round < 60; ++round) {
      // Edits pile up, so that odd flows are edited as well.
      const std::string next = edited(round % 10 == 0 ? original : text, random);
      expect_told(text, next);
      if (HasFatalFailure()) return;
      expect_told(next, text);
      if (HasFatalFailure()) return;
      different += same(flow_of(text), flow_of(next)) ? 0 : 1;
      text = next;
    }
  }
  EXPECT_GT(different, 150);
}

TEST(RandomEdits, CoverUnrelatedFlows) {
  const std::vector<std::string> texts = example_texts();
  for (const std::string& before : texts) {
    for (const std::string& after : texts) expect_told(before, after);
  }
}

}  // namespace
}  // namespace flowship::flow
