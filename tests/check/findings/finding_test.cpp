#include "check/findings/finding.hpp"

#include <gtest/gtest.h>

namespace flowship::check {
namespace {

TEST(Finding, IsCountedBySeverity) {
  std::vector<Finding> findings(4);
  findings[1].severity = Severity::warning;
  findings[2].severity = Severity::note;
  findings[3].severity = Severity::note;
  const Counts counts = count(findings);
  EXPECT_EQ(counts.errors, 1);
  EXPECT_EQ(counts.warnings, 1);
  EXPECT_EQ(counts.notes, 2);
}

TEST(Finding, NamesItsSeverity) {
  EXPECT_EQ(to_text(Severity::error), "error");
  EXPECT_EQ(to_text(Severity::warning), "warning");
  EXPECT_EQ(to_text(Severity::note), "note");
  EXPECT_EQ(to_text(Severity::off), "off");
}

}  // namespace
}  // namespace flowship::check
