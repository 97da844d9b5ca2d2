#include "deploy/plan/checks/id_conflicts.hpp"

#include "base/text/letter_case.hpp"
#include "flow/layouts/id_conflicts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace flowship::deploy {

namespace {

flow::Claim claim(const std::string& id, const std::string& source) {
  return {id, source, source.ends_with(".json") ? source : source + "/metadata.json", {}};
}

void add(flow::Problem problem, std::vector<flow::Problem>& problems) {
  const bool known = std::any_of(problems.begin(), problems.end(), [&](const flow::Problem& other) {
    return other.kind == problem.kind && other.flow_id == problem.flow_id;
  });
  if (!known) problems.push_back(std::move(problem));
}

}  // namespace

void add_id_conflicts(const FlowIndex& flow_index, flow::Reading& reading) {
  std::set<std::string> read;
  for (const flow::Flow& flow : reading.flows) read.insert(flow.id);
  std::map<std::string, flow::Claim> by_lower_case;
  for (const auto& [id, sources] : flow_index.sources()) {
    const flow::Claim first = claim(id, sources.front());
    if (sources.size() > 1 && read.contains(id)) add(flow::id_conflict(first, claim(id, sources[1])), reading.problems);
    const auto [other, is_new] = by_lower_case.try_emplace(lower_case(id), first);
    if (!is_new && (read.contains(id) || read.contains(other->second.id))) {
      add(flow::id_conflict(other->second, first), reading.problems);
    }
  }
}

}  // namespace flowship::deploy
