#include "check/base_flow.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace flowship::check {
namespace {

std::vector<Sample> all_samples() {
  std::vector<Sample> samples;
  for (auto group : {layout_samples, shape_samples, graph_samples, reference_samples, screen_samples, safety_samples}) {
    for (Sample& sample : group()) samples.push_back(std::move(sample));
  }
  return samples;
}

std::vector<Finding> found_in(const Sample& sample) {
  return check(read(edited(base_repository(), sample.edits), sample.symlinks), sample.settings);
}

class BadSample : public testing::TestWithParam<Sample> {};
class GoodSample : public testing::TestWithParam<Sample> {};

TEST_P(BadSample, IsReportedOnceAtItsPosition) {
  const Sample& sample = GetParam();
  const std::vector<Finding> findings = found_in(sample);
  ASSERT_EQ(findings.size(), 1U) << listed(findings);
  const Finding& finding = findings.front();
  EXPECT_EQ(finding.rule, sample.rule) << listed(findings);
  EXPECT_EQ(finding.severity, find_rule(sample.rule)->severity);
  EXPECT_EQ(finding.path, sample.path);
  const json::Position place = sample.needle.empty()
                                   ? json::Position{}
                                   : position_of(edited(base_repository(), sample.edits), sample.path, sample.needle);
  EXPECT_EQ(finding.line, place.line) << listed(findings);
  EXPECT_EQ(finding.column, place.column) << listed(findings);
  EXPECT_FALSE(finding.message.empty());
}

TEST_P(GoodSample, IsClean) {
  const std::vector<Finding> findings = found_in(GetParam());
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

std::vector<Sample> samples(bool bad) {
  std::vector<Sample> chosen;
  for (Sample& sample : all_samples()) {
    if (sample.rule.empty() != bad) chosen.push_back(std::move(sample));
  }
  return chosen;
}

std::string name_of(const testing::TestParamInfo<Sample>& sample) { return sample.param.name; }

INSTANTIATE_TEST_SUITE_P(Rules, BadSample, testing::ValuesIn(samples(true)), name_of);
INSTANTIATE_TEST_SUITE_P(Rules, GoodSample, testing::ValuesIn(samples(false)), name_of);

TEST(Rules, ReportNothingInTheBaseRepository) {
  const std::vector<Finding> findings = check(read(base_repository()), {});
  EXPECT_TRUE(findings.empty()) << listed(findings);
}

TEST(Rules, HaveUniqueIdsInKebabCase) {
  std::set<std::string_view> ids;
  for (const RuleFacts& rule : rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_TRUE(std::regex_match(std::string(rule.id), std::regex("[a-z]+(-[a-z]+)*"))) << rule.id;
    EXPECT_FALSE(rule.group.empty()) << rule.id;
    EXPECT_FALSE(rule.summary.empty()) << rule.id;
    EXPECT_NE(rule.severity, Severity::off) << rule.id;
    EXPECT_EQ(find_rule(rule.id), &rule);
  }
  EXPECT_EQ(find_rule("no-such-rule"), nullptr);
}

TEST(Rules, HaveABadSampleEach) {
  std::set<std::string> covered;
  for (const Sample& sample : all_samples()) covered.insert(sample.rule);
  // About a change, which is not seen in one version.
  covered.insert("guarantee");
  covered.insert("policy");
  for (const RuleFacts& rule : rules()) EXPECT_EQ(covered.count(std::string(rule.id)), 1U) << rule.id;
}

}  // namespace
}  // namespace flowship::check
