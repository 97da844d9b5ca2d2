#include "flow/graph/sessions.hpp"

#include <algorithm>
#include <bit>
#include <set>

namespace flowship::flow {

namespace {

/// The interaction that a flow is left by at `end` when its parent goes on by `way`.
std::optional<std::string> shared_interaction(const Step& end, const std::optional<std::string>& way) {
  if (end.shared.empty()) return std::nullopt;
  const bool is_named = way && std::find(end.shared.begin(), end.shared.end(), *way) != end.shared.end();
  return is_named ? way : end.shared.front();
}

class PathWriter {
 public:
  explicit PathWriter(const StepGraphs& graphs) : graphs_(graphs) {}

  /// The path to the end with that index of what was reached.
  void add(const Reached& reached, std::size_t end_index, const std::optional<std::string>& left_by) {
    const StepGraph& graph = graphs_.graph(reached.graph);
    const Reached::End& end = reached.ends[end_index];
    std::vector<std::size_t> steps{end.step};
    while (steps.back() != *graph.start) steps.push_back(reached.from[steps.back()].step);
    std::reverse(steps.begin(), steps.end());
    for (std::size_t place = 0; place + 1 < steps.size(); ++place) {
      const Reached::From& from = reached.from[steps[place + 1]];
      const Step& step = graph.steps[steps[place]];
      add_step(reached, graph, steps[place], step.ways[from.way].interaction, from.inner_end);
    }
    add_step(reached, graph, end.step, left_by, end.inner_end);
  }

  Path path;
  std::set<std::size_t> keys;

 private:
  void add_step(const Reached& reached, const StepGraph& graph, std::size_t index,
                const std::optional<std::string>& left_by, std::size_t inner_end) {
    const Step& step = graph.steps[index];
    path.push_back({graph.flow_id, step.id, step.name, left_by});
    keys.insert(step.keys.begin(), step.keys.end());
    const auto inner = reached.inner.find(index);
    if (inner == reached.inner.end()) return;
    const Reached& below = *inner->second;
    const Step& end = graphs_.graph(below.graph).steps[below.ends[inner_end].step];
    add(below, inner_end, shared_interaction(end, left_by));
  }

  const StepGraphs& graphs_;
};

}  // namespace

bool Sessions::has_session(const std::string& flow_id) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  return graph && !Reach(graphs_, {}).to_session(*graph)->ends.empty();
}

std::vector<std::string> Sessions::guarantees(const std::string& flow_id) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph) return {};
  const std::shared_ptr<const Reached> reached = Reach(graphs_, {}).to_session(*graph);
  if (reached->ends.empty()) return {};
  PathWriter shortest_path(graphs_);
  shortest_path.add(*reached, 0, std::nullopt);
  std::set<std::size_t> open = std::move(shortest_path.keys);
  std::vector<std::string> guaranteed;
  while (!open.empty()) {
    const std::size_t key = *open.begin();
    open.erase(open.begin());
    const std::shared_ptr<const Reached> around = Reach(graphs_, {.key = key}).to_session(*graph);
    if (around->ends.empty()) {
      guaranteed.push_back(graphs_.key(key));
      continue;
    }
    // Whatever this path avoids as well is no guarantee either.
    PathWriter other(graphs_);
    other.add(*around, 0, std::nullopt);
    std::erase_if(open, [&](std::size_t candidate) { return !other.keys.contains(candidate); });
  }
  std::sort(guaranteed.begin(), guaranteed.end());
  return guaranteed;
}

/// The smallest sets of factors with which a session can be reached: all of one size.
std::vector<FactorSet> Sessions::allowed_factors(std::size_t graph) {
  FactorSet present = 0;
  for (const std::size_t inside : graphs_.within(graph)) {
    for (const Step& step : graphs_.graph(inside).steps) present = static_cast<FactorSet>(present | step.factors);
  }
  std::vector<FactorSet> smallest;
  for (int size = 0; size <= std::popcount(present) && smallest.empty(); ++size) {
    // Every subset of `present` once.
    for (unsigned subset = present;; subset = (subset - 1U) & present) {
      if (std::popcount(subset) == size) {
        const auto others = static_cast<FactorSet>(present & ~subset);
        if (!Reach(graphs_, {.key = {}, .factors = others}).to_session(graph)->ends.empty()) smallest.push_back(others);
      }
      if (subset == 0) break;
    }
  }
  return smallest;
}

std::optional<std::size_t> Sessions::assurance(const std::string& flow_id) {
  const std::optional<Path> path = path_with_fewest_factors(flow_id);
  if (!path) return std::nullopt;
  FactorSet factors = 0;
  for (const PathStep& step : *path) {
    const StepGraph& graph = graphs_.graph(*graphs_.index_of(step.flow_id));
    for (const Step& each : graph.steps) {
      if (each.id == step.task_id) factors = static_cast<FactorSet>(factors | each.factors);
    }
  }
  return static_cast<std::size_t>(std::popcount(factors));
}

std::optional<Path> Sessions::shortest(std::size_t graph, Without without) {
  const std::shared_ptr<const Reached> reached = Reach(graphs_, without).to_session(graph);
  if (reached->ends.empty()) return std::nullopt;
  PathWriter writer(graphs_);
  writer.add(*reached, 0, std::nullopt);
  return std::move(writer.path);
}

std::optional<Path> Sessions::path_without(const std::string& flow_id, const std::string& key) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph) return std::nullopt;
  return shortest(*graph, {.key = graphs_.number_of(key)});
}

std::optional<Path> Sessions::path_with_fewest_factors(const std::string& flow_id) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph) return std::nullopt;
  std::optional<Path> best;
  for (const FactorSet others : allowed_factors(*graph)) {
    std::optional<Path> path = shortest(*graph, {.key = {}, .factors = others});
    if (!best || path->size() < best->size()) best = std::move(path);
  }
  return best;
}

}  // namespace flowship::flow
