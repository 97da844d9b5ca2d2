#include "flow/graph/steps.hpp"

#include "flow/model/task_reference.hpp"

#include <algorithm>

namespace flowship::flow {

namespace {

void add_way(Step& step, Way way) {
  const bool is_there = std::any_of(step.ways.begin(), step.ways.end(), [&](const Way& other) {
    return other.to == way.to && (!way.interaction || other.interaction == way.interaction);
  });
  if (!is_there) step.ways.push_back(std::move(way));
}

}  // namespace

std::string argument_of(json::Value task, std::string_view name) {
  const json::Value arguments = task.find("arguments");
  if (!arguments) return {};
  const json::Value argument = arguments.find(name);
  return string_of(argument.is(json::Type::object) ? argument.find("value") : argument);
}

std::string connector_name(const Flow& flow, const std::string& id) {
  for (const json::Member member : flow.references.find("connectors").members()) {
    if (string_of(member.value) == id) return member.name();
  }
  return id;
}

std::optional<std::size_t> StepGraphs::index_of(const std::string& flow_id) {
  const auto known = indexes_.find(flow_id);
  if (known != indexes_.end()) return known->second;
  const Flow* flow = find_flow_ ? find_flow_(flow_id) : nullptr;
  if (flow == nullptr) return std::nullopt;
  // A work list instead of recursion: a flow may run a flow that runs a flow, as deep as there are flows.
  std::vector<const Flow*> unread{flow};
  std::vector<Use> uses;
  while (!unread.empty()) {
    const Flow* next = unread.back();
    unread.pop_back();
    if (indexes_.contains(next->id)) continue;
    for (Use& use : read(*next)) {
      if (const Flow* subflow = find_flow_(use.flow_id)) unread.push_back(subflow);
      uses.push_back(std::move(use));
    }
  }
  for (const Use& use : uses) {
    const auto subflow = indexes_.find(use.flow_id);
    if (subflow != indexes_.end()) graphs_[use.graph]->steps[use.step].subflow = subflow->second;
  }
  return indexes_.at(flow_id);
}

std::vector<StepGraphs::Use> StepGraphs::read(const Flow& flow) {
  std::vector<Use> uses;
  auto graph = std::make_unique<StepGraph>();
  graph->flow_id = flow.id;
  graph->flow = &flow;
  std::unordered_map<std::string, std::size_t> places;
  const json::Value tasks = flow.contents.find("tasks");
  if (tasks) {
    graph->steps.reserve(tasks.size());
    places.reserve(tasks.size());
  }
  for (const json::Member task : tasks.members()) {
    if (!places.emplace(task.name(), graph->steps.size()).second) continue;
    graph->steps.emplace_back();
    read_task(flow, task, graph->steps.back());
    if (string_of(task.value.find("type")) == "flow") {
      uses.push_back({graphs_.size(), graph->steps.size() - 1, argument_of(task.value, "flowId")});
    }
  }
  for (const json::Member task : tasks.members()) {
    const std::size_t from = places.at(task.name());
    Step& step = graph->steps[from];
    for (const json::Value rule : task.value.find("next").find("rules").items()) {
      const auto to = places.find(string_of(rule.find("taskId")));
      if (to != places.end()) add_way(step, {to->second, string_of(rule.find("interactionId"))});
    }
    if (!task.value.find("arguments")) continue;
    for (const std::string_view name : kTwoStepArguments) {
      const auto to = places.find(argument_of(task.value, name));
      if (to != places.end() && to->second != from) add_way(step, {to->second, std::nullopt});
    }
  }
  for (const json::Value shared : value_of(flow.metadata, "sharedInteractions").items()) {
    const std::string id = string_of(shared.find("id"));
    // `<taskId>.<name>`, where both may have dots.
    for (std::size_t dot = id.rfind('.'); dot != std::string::npos && dot > 0; dot = id.rfind('.', dot - 1)) {
      const auto end = places.find(id.substr(0, dot));
      if (end == places.end()) continue;
      graph->steps[end->second].shared.push_back(id);
      break;
    }
  }
  const auto start = places.find(string_of(flow.contents.find("startTask")));
  if (start != places.end()) graph->start = start->second;
  indexes_.emplace(flow.id, graphs_.size());
  graphs_.push_back(std::move(graph));
  return uses;
}

void StepGraphs::read_task(const Flow& flow, const json::Member& member, Step& step) {
  const json::Value task = member.value;
  step.id = member.name();
  step.name = string_of(task.find("name"));
  step.task = task;
  const std::string type = string_of(task.find("type"));
  const std::string action = string_of(task.find("action"));
  step.is_session = action == "logged-in";
  const bool is_action = type == "automated" && !step.is_session;
  if (is_action) {
    const auto [known, is_new] = factors_.try_emplace(action);
    if (is_new) known->second = factor_of(action);
    if (known->second) step.factors = static_cast<FactorSet>(1U << *known->second);
  }
  if (with_ == Keys::left_out) return;
  const auto add = [&](std::string kind, const std::string& what) {
    if (!what.empty()) step.keys.push_back(number_for(kind.append(":").append(what)));
  };
  if (type == "screen") add("screen", string_of(task.find("screenId")));
  if (type == "flow") add("subflow", argument_of(task, "flowId"));
  if (!is_action) return;
  const std::string connector = argument_of(task, "connectorId");
  if (action != "connector" || connector.empty()) add("action", action);
  if (!connector.empty()) add("connector", connector_name(flow, connector));
  if (step.factors == 0) return;
  step.keys.push_back(number_for(std::string(kFactorKey).append(factor_kind(*factors_.at(action)))));
}

std::size_t StepGraphs::number_for(const std::string& key) {
  const auto [place, is_new] = numbers_.emplace(key, keys_.size());
  if (is_new) keys_.push_back(key);
  return place->second;
}

std::optional<std::size_t> StepGraphs::number_of(const std::string& key) const {
  const auto found = numbers_.find(key);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

const std::set<std::size_t>& StepGraphs::within(std::size_t index) {
  const auto [place, is_new] = within_.try_emplace(index);
  if (!is_new) return place->second;
  std::vector<std::size_t> open{index};
  while (!open.empty()) {
    const std::size_t next = open.back();
    open.pop_back();
    if (!place->second.insert(next).second) continue;
    for (const Step& step : graphs_[next]->steps) {
      if (step.subflow) open.push_back(*step.subflow);
    }
  }
  return place->second;
}

FactorSet StepGraphs::factors_within(std::size_t index) {
  FactorSet factors = 0;
  for (const std::size_t inside : within(index)) {
    for (const Step& step : graphs_[inside]->steps) factors = static_cast<FactorSet>(factors | step.factors);
  }
  return factors;
}

}  // namespace flowship::flow
