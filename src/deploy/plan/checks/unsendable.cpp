#include "deploy/plan/checks/unsendable.hpp"

#include "base/text/printable.hpp"

namespace flowship::deploy {

namespace {

Error refusal_for(const std::string& flow_id, const std::string& why) {
  return Error("`" + printable(flow_id) + "` " + why,
               "`flowship validate` says why, unless flowship.json has the rule off or ignores it; correct the flow");
}

}  // namespace

std::optional<Error> unsendable(const Plan& plan, const flow::Reading& after, const std::set<std::string>& broken,
                                bool is_whole) {
  // Findings stop a plan as well, and say where.
  if (check::count(plan.findings).errors > 0) return std::nullopt;
  for (const std::string& id : plan.unread) {
    if (is_whole || broken.contains(id)) return refusal_for(id, "was deployed, and can't be read at " + plan.target);
  }
  std::set<std::string> sent;
  for (const Change& change : plan.changes) {
    if (change.action != Action::remove && !change.exact) sent.insert(change.flow_id);
  }
  for (const flow::Problem& problem : after.problems) {
    if (!sent.contains(problem.flow_id)) continue;
    if (problem.kind == flow::ProblemKind::bad_id) return refusal_for(problem.flow_id, "is not a valid flow id");
    if (problem.kind == flow::ProblemKind::duplicate_id) return refusal_for(problem.flow_id, "has several sources");
  }
  return std::nullopt;
}

}  // namespace flowship::deploy
