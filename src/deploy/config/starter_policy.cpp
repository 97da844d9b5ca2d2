#include "deploy/config/starter_policy.hpp"

#include "flow/graph/sessions.hpp"
#include "flow/graph/task_keys.hpp"

#include <algorithm>
#include <set>

namespace flowship::deploy {

namespace {

std::set<std::string> factors_among(const std::vector<std::string>& keys) {
  std::set<std::string> kinds;
  for (const std::string& key : keys) {
    if (key.starts_with(flow::kFactorKey)) kinds.insert(key.substr(flow::kFactorKey.size()));
  }
  return kinds;
}

/// The kinds of factors in a flow and the flows that it runs.
std::set<std::string> factors_in(flow::StepGraphs& graphs, const std::string& flow_id) {
  const flow::FactorSet present = graphs.factors_within(*graphs.index_of(flow_id));
  std::set<std::string> kinds;
  for (std::size_t kind = 0; kind < flow::kFactorKinds; ++kind) {
    if ((present & (1U << kind)) != 0) kinds.emplace(flow::factor_kind(kind));
  }
  return kinds;
}

}  // namespace

std::optional<check::Policy> starter_policy(const flow::Reading& reading) {
  const flow::FlowsById flows = flow::by_id(reading.flows);
  const flow::FindFlow find = flow::finder(flows);
  flow::Sessions sessions(find);
  check::Policy policy;
  policy.name = "sign-in";
  bool are_all = true;
  std::set<std::string> everywhere;
  std::set<std::string> anywhere;
  for (const auto& [id, flow] : flows) {
    try {
      const std::optional<std::size_t> assurance = sessions.assurance(id);
      if (!assurance) continue;
      if (*assurance == 0) {
        are_all = false;
        continue;
      }
      const std::set<std::string> guaranteed = factors_among(sessions.guarantees(id));
      if (policy.flows.empty()) everywhere = guaranteed;
      std::erase_if(everywhere, [&](const std::string& kind) { return !guaranteed.contains(kind); });
      anywhere.merge(factors_in(sessions.graphs(), id));
      policy.factors = std::min(policy.factors.value_or(*assurance), *assurance);
      policy.flows.push_back(id);
    } catch (const flow::TooManyCircles&) {
      are_all = false;
    }
  }
  if (policy.flows.empty()) return std::nullopt;
  // Then it is for new flows, too.
  if (are_all) policy.flows.clear();
  if (!everywhere.empty()) anywhere = {*everywhere.begin()};
  for (const std::string& kind : anywhere) policy.require.push_back({flow::Selector::Kind::factor, kind});
  return policy;
}

}  // namespace flowship::deploy
