#include "report/samples.hpp"

#include <gtest/gtest.h>

namespace flowship::report {
namespace {

/// Far more of everything than fits into a comment.
deploy::Plan long_plan() {
  deploy::Plan plan = samples::plan();
  plan.warnings.assign(500, std::string(200, 'w'));
  plan.findings.assign(2000, samples::validation().findings.front());
  plan.drift.emplace();
  for (int number = 0; number < 2000; ++number) {
    const std::string name = "drifted-" + std::to_string(number);
    plan.drift->push_back({.flow_id = name, .match = deploy::LiveMatch::edited, .edits = {}, .error = {}});
  }
  plan.changes.assign(1000, samples::described_change());
  return plan;
}

TEST(Markdown, TruncatesToTheLimitOfAComment) {
  const std::string text = format_of("markdown").plan(long_plan(), {});
  EXPECT_LE(text.size(), 65'536U);
  EXPECT_GE(text.size(), 40'000U);
  EXPECT_NE(text.find(" warnings not shown"), std::string::npos);
  EXPECT_NE(text.find(" rows not shown"), std::string::npos);
  EXPECT_NE(text.find("Truncated to GitHub's size limit"), std::string::npos);
}

TEST(Markdown, AJobSummaryHasAHigherLimit) {
  const std::string text = format_of("summary").plan(long_plan(), {});
  EXPECT_LE(text.size(), std::size_t{1} << 20U);
  EXPECT_GE(text.size(), 900'000U);
}

TEST(Markdown, ShortReportsAreTheSameInBoth) {
  EXPECT_EQ(format_of("summary").plan(samples::plan(), {}), format_of("markdown").plan(samples::plan(), {}));
  EXPECT_EQ(format_of("summary").diff(samples::diff(), {}), format_of("markdown").diff(samples::diff(), {}));
}

}  // namespace
}  // namespace flowship::report
