// The rules whose problems `flow::read_flows` finds.

#include "check/rules/rule.hpp"
#include "check/rules/secrets.hpp"

#include <algorithm>

namespace flowship::check {

namespace {

/// By `flow::ProblemKind`, in its order.
constexpr std::string_view kRuleOfProblem[] = {
    "syntax",     "missing-contents", "missing-metadata",  "missing-screen", "unlisted-screen",  "bad-screen-name",
    "not-a-file", "bad-flow-id",      "duplicate-flow-id", "flow-id-case",   "flow-id-mismatch", "flow-list"};

}  // namespace

Finding finding_of(const flow::Problem& problem) {
  Finding finding;
  finding.rule = kRuleOfProblem[static_cast<std::size_t>(problem.kind)];
  finding.message = with_secrets_masked(problem.message);
  finding.hint = problem.hint;
  finding.path = problem.path;
  finding.line = std::max(1, problem.position.line);
  finding.column = std::max(1, problem.position.column);
  finding.flow_id = problem.flow_id;
  return finding;
}

}  // namespace flowship::check
