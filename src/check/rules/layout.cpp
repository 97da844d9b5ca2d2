#include "check/rules/rule.hpp"
#include "check/rules/secrets.hpp"

#include <algorithm>

namespace flowship::check {

namespace {

std::string_view rule_of(flow::ProblemKind kind) {
  switch (kind) {
    case flow::ProblemKind::syntax:
      return "syntax";
    case flow::ProblemKind::missing_contents:
      return "missing-contents";
    case flow::ProblemKind::missing_metadata:
      return "missing-metadata";
    case flow::ProblemKind::missing_screen:
      return "missing-screen";
    case flow::ProblemKind::unlisted_screen:
      return "unlisted-screen";
    case flow::ProblemKind::bad_screen_name:
      return "bad-screen-name";
    case flow::ProblemKind::not_a_file:
      return "not-a-file";
    case flow::ProblemKind::bad_id:
      return "bad-flow-id";
    case flow::ProblemKind::duplicate_id:
      return "duplicate-flow-id";
    case flow::ProblemKind::id_case:
      return "flow-id-case";
    case flow::ProblemKind::id_mismatch:
      return "flow-id-mismatch";
    case flow::ProblemKind::flow_list:
      return "flow-list";
  }
  return "syntax";
}

}  // namespace

Finding finding_of(const flow::Problem& problem) {
  Finding finding;
  finding.rule = rule_of(problem.kind);
  finding.message = with_secrets_masked(problem.message);
  finding.hint = problem.hint;
  finding.path = problem.path;
  finding.line = std::max(1, problem.position.line);
  finding.column = std::max(1, problem.position.column);
  finding.flow_id = problem.flow_id;
  return finding;
}

}  // namespace flowship::check
