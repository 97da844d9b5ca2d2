#include "deploy/plan/decisions.hpp"
#include "flow/model/subflows.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace flowship::deploy {

void put_in_order(Plan& plan) {
  flow::SubflowGraph graph;
  for (const Change& change : plan.changes) {
    if (!change.flow) continue;
    graph[change.flow_id] = flow::subflows_of(*change.flow);
    flow::rest(*change.flow);
  }
  const flow::SubflowOrder order = flow::subflow_order(graph);
  std::map<std::string, std::size_t> place;
  for (const std::string& id : order.ids) place.emplace(id, place.size());
  // Deletions come last, by id.
  const auto rank = [&](const Change& change) {
    const auto found = place.find(change.flow_id);
    return std::pair(found == place.end() ? place.size() : found->second, change.flow_id);
  };
  std::sort(plan.changes.begin(), plan.changes.end(),
            [&](const Change& a, const Change& b) { return rank(a) < rank(b); });
  for (Change& change : plan.changes) {
    if (!change.flow) continue;
    change.after.clear();
    for (const std::string& used : graph[change.flow_id]) {
      // In a cycle only earlier flows can be waited for.
      if (place.contains(used) && place[used] < place[change.flow_id]) change.after.push_back(used);
    }
  }
}

}  // namespace flowship::deploy
