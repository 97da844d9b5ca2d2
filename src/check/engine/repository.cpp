#include "check/engine/repository.hpp"

#include "base/parallel.hpp"
#include "flow/model/flow.hpp"

#include <utility>

namespace flowship::check {

namespace {

std::set<std::string> shared_interactions_of(const flow::Flow& flow) {
  std::set<std::string> ids;
  for (const json::Value interaction : flow::value_of(flow.metadata, "sharedInteractions").items()) {
    const json::Value id = interaction.find("id");
    if (id.is(json::Type::string)) ids.insert(id.string());
  }
  return ids;
}

}  // namespace

FlowSummary summary_of(const flow::Flow& flow) {
  FlowSummary summary{shared_interactions_of(flow), {}};
  for (flow::SubflowUse& use : flow::subflow_uses(flow)) summary.subflows.insert(std::move(use.flow_id));
  return summary;
}

Repository::Repository(const flow::Reading& reading, const FlowLookup* lookup) {
  const std::size_t count = reading.flows.size();
  std::vector<Facts> facts(count);
  for_each_in_parallel(count, threads_for(count), [&](std::size_t index) {
    const flow::Flow& flow = reading.flows[index];
    facts[index].uses = flow::subflow_uses(flow);
    if (flow.metadata_at.is(json::Type::object)) facts[index].offered = shared_interactions_of(flow);
    flow::rest(flow);
  });
  for (std::size_t index = 0; index < count; ++index) add(reading.flows[index], std::move(facts[index]));
  if (lookup != nullptr) look_up(*lookup);
  find_cycles();
}

void Repository::add(const flow::Flow& flow, Facts facts) {
  std::set<std::string>& used = graph_[flow.id];
  for (const flow::SubflowUse& use : facts.uses) used.insert(use.flow_id);
  uses_.emplace(&flow, std::move(facts.uses));
  if (read_.emplace(flow.id, &flow).second) offered_[flow.id] = std::move(facts.offered);
}

/// Looks up the subflows that were not read, and their subflows.
void Repository::look_up(const FlowLookup& lookup) {
  std::set<std::string> asked;
  std::vector<std::string> open;
  for (const auto& [id, used] : graph_) open.insert(open.end(), used.begin(), used.end());
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    if (offered_.count(id) != 0 || !asked.insert(id).second) continue;
    std::optional<flow::Flow> flow = lookup.find(id);
    if (!flow) continue;
    FlowSummary summary = summary_of(*flow);
    open.insert(open.end(), summary.subflows.begin(), summary.subflows.end());
    offered_[id] = std::move(summary.shared_interactions);
    graph_[id] = std::move(summary.subflows);
    looked_up_.emplace(id, std::move(*flow));
  }
}

void Repository::find_cycles() {
  for (std::vector<std::string>& cycle : flow::subflow_order(graph_).cycles) {
    for (const std::string& id : cycle) {
      const auto read = read_.find(id);
      if (read == read_.end()) continue;
      cycles_[read->second] = std::move(cycle);
      break;
    }
  }
}

const flow::Flow* Repository::find_flow(const std::string& flow_id) const {
  if (const auto read = read_.find(flow_id); read != read_.end()) return read->second;
  const auto found = looked_up_.find(flow_id);
  return found == looked_up_.end() ? nullptr : &found->second;
}

bool Repository::has(const std::string& flow_id) const { return offered_.count(flow_id) != 0; }

const std::set<std::string>* Repository::shared_interactions(const std::string& flow_id) const {
  const auto found = offered_.find(flow_id);
  return found == offered_.end() || !found->second ? nullptr : &*found->second;
}

const std::vector<flow::SubflowUse>& Repository::uses(const flow::Flow& flow) const { return uses_.at(&flow); }

const std::vector<std::string>* Repository::cycle(const flow::Flow& flow) const {
  const auto found = cycles_.find(&flow);
  return found == cycles_.end() ? nullptr : &found->second;
}

}  // namespace flowship::check
