#include "flow/graph/path_marks.hpp"

#include "flow/graph/task_keys.hpp"

#include <set>
#include <tuple>

namespace flowship::flow {

namespace {

/// From task to task, both tasks of a two-step action as one.
using Hops = std::set<std::tuple<std::size_t, std::size_t, std::string>>;

/// The path's steps in the flow itself, and what is left by.
Hops hops_of(const Graph& graph, const Path& path) {
  Hops hops;
  const PathStep* last = nullptr;
  for (const PathStep& step : path) {
    if (step.flow_id != graph.flow_id) continue;
    const std::optional<std::size_t> to = graph.find(step.task_id);
    const std::optional<std::size_t> from = last == nullptr ? std::nullopt : graph.find(last->task_id);
    if (from && to) hops.emplace(*from, *to, last->interaction.value_or(""));
    last = &step;
  }
  return hops;
}

bool completes(const Task& task, std::string_view factor) {
  const std::optional<std::size_t> kind = factor_of(task.action);
  return kind && factor_kind(*kind) == factor;
}

}  // namespace

void mark_path(Graph& graph, const Path& path, std::string_view factor) {
  const Hops hops = hops_of(graph, path);
  for (Edge& edge : graph.edges) {
    if (hops.contains({edge.from, edge.to, edge.interaction})) edge.on_path = true;
  }
  if (factor.empty()) return;
  for (Task& task : graph.tasks) task.is_avoided = task.is_avoided || completes(task, factor);
}

}  // namespace flowship::flow
