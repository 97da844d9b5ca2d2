#include "flow/graph/sessions.hpp"

#include <algorithm>
#include <bit>
#include <set>

namespace flowship::flow {

namespace {

/// A step of a flow on the way to one of its ends.
struct Hop {
  std::size_t step = 0;
  /// What the step is left by; nothing at the end.
  std::optional<std::string> left_by;
  /// If the step runs a flow: where that flow is left.
  std::size_t inner_end = 0;
};

std::vector<Hop> hops_to(const StepGraph& graph, const Reached& reached, const Reached::End& end) {
  std::vector<Hop> hops{{end.step, std::nullopt, end.inner_end}};
  while (hops.back().step != *graph.start) {
    const Reached::From& from = reached.from[hops.back().step];
    hops.push_back({from.step, graph.steps[from.step].ways[from.way].interaction, from.inner_end});
  }
  std::reverse(hops.begin(), hops.end());
  return hops;
}

/// The keys on the shortest paths of a search: those inside a flow are gathered once for all tasks that run it.
class PassedKeys {
 public:
  explicit PassedKeys(const StepGraphs& graphs) : graphs_(graphs) {}

  const std::set<std::size_t>& to(const Reached& reached, std::size_t end) {
    const auto known = known_.find({&reached, end});
    if (known != known_.end()) return known->second;
    std::set<std::size_t> keys;
    const StepGraph& graph = graphs_.graph(reached.graph);
    for (const Hop& hop : hops_to(graph, reached, reached.ends[end])) {
      const Step& step = graph.steps[hop.step];
      keys.insert(step.keys.begin(), step.keys.end());
      const auto inner = reached.inner.find(hop.step);
      if (inner == reached.inner.end()) continue;
      const std::set<std::size_t>& below = to(*inner->second, hop.inner_end);
      keys.insert(below.begin(), below.end());
    }
    return known_.emplace(std::pair(&reached, end), std::move(keys)).first->second;
  }

 private:
  const StepGraphs& graphs_;
  std::map<std::pair<const Reached*, std::size_t>, std::set<std::size_t>> known_;
};

class PathWriter {
 public:
  explicit PathWriter(const StepGraphs& graphs) : graphs_(graphs) {}

  /// The path to the end with that index of what was reached.
  void add(const Reached& reached, std::size_t end, const std::optional<std::string>& left_by) {
    const StepGraph& graph = graphs_.graph(reached.graph);
    for (Hop& hop : hops_to(graph, reached, reached.ends[end])) {
      if (path.size() > kLongestWitness) return;
      const Step& step = graph.steps[hop.step];
      if (hop.step == reached.ends[end].step) hop.left_by = left_by;
      path.push_back({graph.flow_id, step.id, step.name, hop.left_by});
      const auto inner = reached.inner.find(hop.step);
      if (inner == reached.inner.end()) continue;
      const Reached& below = *inner->second;
      const Step& inner_end = graphs_.graph(below.graph).steps[below.ends[hop.inner_end].step];
      add(below, hop.inner_end, shared_interaction(inner_end, hop.left_by));
    }
  }

  Path path;

 private:
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
  std::set<std::size_t> open = PassedKeys(graphs_).to(*reached, 0);
  std::vector<std::string> guaranteed;
  while (!open.empty()) {
    const std::size_t key = *open.begin();
    open.erase(open.begin());
    const std::shared_ptr<const Reached> around = Reach(graphs_, {.key = key}).to_session(*graph);
    if (around->ends.empty()) {
      guaranteed.push_back(graphs_.key(key));
      continue;
    }
    // What this path avoids as well is not guaranteed either.
    PassedKeys passed(graphs_);
    const std::set<std::size_t>& others = passed.to(*around, 0);
    std::erase_if(open, [&](std::size_t candidate) { return !others.contains(candidate); });
  }
  std::sort(guaranteed.begin(), guaranteed.end());
  return guaranteed;
}

std::optional<Sessions::Fewest> Sessions::fewest_factors(const std::string& flow_id) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph || !has_session(flow_id)) return std::nullopt;
  FactorSet present = 0;
  for (const std::size_t inside : graphs_.within(*graph)) {
    for (const Step& step : graphs_.graph(inside).steps) present = static_cast<FactorSet>(present | step.factors);
  }
  for (int size = 0; size <= std::popcount(present); ++size) {
    Fewest fewest{.factors = static_cast<std::size_t>(size), .reached = nullptr};
    // Every subset of `present` once.
    for (unsigned subset = present;; subset = (subset - 1U) & present) {
      if (std::popcount(subset) == size) {
        const auto others = static_cast<FactorSet>(present & ~subset);
        std::shared_ptr<const Reached> reached = Reach(graphs_, {.key = {}, .factors = others}).to_session(*graph);
        const bool is_shorter =
            !reached->ends.empty() && (!fewest.reached || reached->ends[0].length < fewest.reached->ends[0].length);
        if (is_shorter) fewest.reached = std::move(reached);
      }
      if (subset == 0) break;
    }
    if (fewest.reached) return fewest;
  }
  return std::nullopt;
}

std::optional<std::size_t> Sessions::assurance(const std::string& flow_id) {
  const std::optional<Fewest> fewest = fewest_factors(flow_id);
  if (!fewest) return std::nullopt;
  return fewest->factors;
}

Path Sessions::path_to_session(const Reached& reached) const {
  PathWriter writer(graphs_);
  writer.add(reached, 0, std::nullopt);
  return std::move(writer.path);
}

std::optional<Path> Sessions::path_without(const std::string& flow_id, const std::string& key) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph) return std::nullopt;
  const std::shared_ptr<const Reached> reached = Reach(graphs_, {.key = graphs_.number_of(key)}).to_session(*graph);
  if (reached->ends.empty()) return std::nullopt;
  return path_to_session(*reached);
}

std::optional<Path> Sessions::path_with_fewest_factors(const std::string& flow_id) {
  const std::optional<Fewest> fewest = fewest_factors(flow_id);
  if (!fewest) return std::nullopt;
  return path_to_session(*fewest->reached);
}

}  // namespace flowship::flow
