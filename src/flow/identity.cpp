#include "flow/identity.hpp"

#include "base/printable.hpp"
#include "flow/flow_id.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace flowship::flow {

namespace {

std::string lower(std::string text) {
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text;
}

/// A problem at the place where the id is written, or at the first file of the folder whose name it is.
Problem problem_at_id(ProblemKind kind, const Flow& flow, std::string message, std::string hint) {
  Problem problem{kind, std::move(message), std::move(hint), flow.source.path, {}, flow.id};
  if (flow.id_at) {
    problem.path = flow.id_at.document().name();
    problem.position = flow.id_at.position();
  } else if (!flow.source.files.empty()) {
    problem.path = flow.metadata_at ? flow.metadata_at.document().name() : flow.source.files.front().path;
  }
  return problem;
}

void check_letters(const Flow& flow, std::vector<Problem>& problems) {
  if (FlowId::from(flow.id)) return;
  problems.push_back(problem_at_id(ProblemKind::bad_id, flow,
                                   "`" + printable(flow.id.substr(0, 140)) + "` is no id that the service would take",
                                   "an id is 1 to 128 letters, digits, `-` and `_`"));
}

}  // namespace

void check_ids(const std::vector<Flow>& flows, std::vector<Problem>& problems) {
  std::vector<const Flow*> by_path;
  for (const Flow& flow : flows) {
    // An id that is missing, or no string, is for the rule on a flow's shape.
    if (!flow.id.empty() || flow.id_at.is(json::Type::string)) by_path.push_back(&flow);
  }
  std::sort(by_path.begin(), by_path.end(),
            [](const Flow* a, const Flow* b) { return a->source.path < b->source.path; });

  std::unordered_map<std::string, const Flow*> same;
  std::unordered_map<std::string, const Flow*> alike;
  for (const Flow* flow : by_path) {
    check_letters(*flow, problems);
    const auto [twin, is_first] = same.emplace(flow->id, flow);
    const auto [other, is_alone] = alike.emplace(lower(flow->id), flow);
    if (!is_first) {
      problems.push_back(problem_at_id(ProblemKind::duplicate_id, *flow,
                                       "the flow `" + printable(flow->id) + "` is in " +
                                           printable(twin->second->source.path) + " and in " +
                                           printable(flow->source.path),
                                       "remove one of the two, or give it an id of its own"));
    } else if (!is_alone) {
      problems.push_back(problem_at_id(ProblemKind::id_case, *flow,
                                       "the ids `" + printable(other->second->id) + "` (" +
                                           printable(other->second->source.path) + ") and `" + printable(flow->id) +
                                           "` (" + printable(flow->source.path) + ") differ only in case",
                                       "rename one of the two flows"));
    }
  }
}

}  // namespace flowship::flow
