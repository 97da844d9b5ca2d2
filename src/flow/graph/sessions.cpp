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
  std::vector<Hop> hops{{reached.step_of(end.state), std::nullopt, end.inner_end}};
  for (std::size_t state = end.state; reached.from[state].state != state;) {
    const Reached::From& from = reached.from[state];
    state = from.state;
    const std::size_t step = reached.step_of(state);
    hops.push_back({step, graph.steps[step].ways[from.way].interaction, from.inner_end});
  }
  std::reverse(hops.begin(), hops.end());
  return hops;
}

using Keys = std::vector<std::size_t>;

void sort_once(Keys& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

/// Adds keys to others, both sorted: a flow has those of all flows inside it.
void add_sorted(const Keys& more, Keys& keys) {
  Keys both;
  both.reserve(keys.size() + more.size());
  std::set_union(keys.begin(), keys.end(), more.begin(), more.end(), std::back_inserter(both));
  keys = std::move(both);
}

/// The keys on the shortest path of a search to an end, sorted. `inside` keeps those of the flows that are run.
Keys passed_keys(const StepGraphs& graphs, const Reached& reached, std::size_t end, KeysByEnd& inside) {
  Keys keys;
  Keys keys_inside;
  const StepGraph& graph = graphs.graph(reached.graph);
  for (const Hop& hop : hops_to(graph, reached, reached.ends[end])) {
    const Step& step = graph.steps[hop.step];
    keys.insert(keys.end(), step.keys.begin(), step.keys.end());
    const auto inner = reached.inner.find(hop.step);
    if (inner == reached.inner.end()) continue;
    const std::pair place(inner->second.get(), hop.inner_end);
    auto known = inside.find(place);
    if (known == inside.end()) {
      known = inside.emplace(place, passed_keys(graphs, *inner->second, hop.inner_end, inside)).first;
    }
    add_sorted(known->second, keys_inside);
  }
  sort_once(keys);
  add_sorted(keys_inside, keys);
  return keys;
}

/// The factors of `cut`, around all of which nothing is reached, without those that this does not take.
template <typename Around>
unsigned smallest_cut(unsigned cut, const Around& around) {
  for (unsigned left = cut; left != 0; left &= left - 1U) {
    const unsigned without = cut & ~(left & (~left + 1U));
    if (around(without)->ends.empty()) cut = without;
  }
  return cut;
}

class PathWriter {
 public:
  explicit PathWriter(const StepGraphs& graphs) : graphs_(graphs) {}

  /// The path to the end with that index of what was reached.
  void add(const Reached& reached, std::size_t end, const std::optional<std::string>& left_by) {
    const StepGraph& graph = graphs_.graph(reached.graph);
    std::vector<Hop> hops = hops_to(graph, reached, reached.ends[end]);
    hops.back().left_by = left_by;
    for (const Hop& hop : hops) {
      if (path.size() == kLongestPath) {
        is_truncated = true;
        return;
      }
      const Step& step = graph.steps[hop.step];
      path.push_back({graph.flow_id, step.id, step.name, hop.left_by});
      const auto inner = reached.inner.find(hop.step);
      if (inner == reached.inner.end()) continue;
      const Reached& below = *inner->second;
      const Step& inner_end = graphs_.graph(below.graph).steps[below.step_of(below.ends[hop.inner_end].state)];
      add(below, hop.inner_end, shared_interaction(inner_end, hop.left_by));
    }
  }

  Path path;
  bool is_truncated = false;

 private:
  const StepGraphs& graphs_;
};

}  // namespace

json::Value place_of(const Flow& flow, const std::optional<Witness::LastRule>& rule) {
  const json::Value start = flow.contents.find("startTask");
  if (!rule) return start;
  const json::Value task = flow.contents.find("tasks").find(rule->task_id);
  for (const json::Value each : task.find("next").find("rules").items()) {
    const json::Value target = each.find("taskId");
    if (string_of(target) == rule->to && string_of(each.find("interactionId")) == rule->interaction) return target;
  }
  return start;
}

std::string path_words(const Path& path, bool is_truncated) {
  constexpr std::size_t kShownAtEachEnd = 10;
  std::string text;
  for (std::size_t index = 0; index < path.size(); ++index) {
    const std::size_t left = path.size() - index;
    if (index >= kShownAtEachEnd && left > kShownAtEachEnd) {
      if (index == kShownAtEachEnd) text += " → …";
      continue;
    }
    const PathStep& step = path[index];
    text += (text.empty() ? "" : " → ") + (step.name.empty() ? step.task_id : step.name + " (" + step.task_id + ")");
  }
  return text + (is_truncated ? " → …" : "");
}

bool Sessions::has_session(const std::string& flow_id, const StepSet* ends) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph) return false;
  return ends == nullptr ? !everything(*graph).ends.empty() : !search_for({.ends = ends}).to_end(*graph)->ends.empty();
}

Reach& Sessions::search_for(const Question& question) {
  // Some 50 MB.
  constexpr std::size_t kMostKept = 500'000;
  constexpr std::size_t kMostSearches = 256;
  const auto known = searches_by_question_.find(question);
  if (known != searches_by_question_.end()) return known->second;
  std::size_t kept = 0;
  for (const auto& [each, reach] : searches_by_question_) kept += reach.kept();
  if (kept > kMostKept || searches_by_question_.size() >= kMostSearches) searches_by_question_.clear();
  return searches_by_question_.emplace(question, Reach(graphs_, question)).first->second;
}

const Reached& Sessions::everything(std::size_t graph) {
  std::shared_ptr<const Reached>& reached = everything_[graph];
  if (!reached) reached = reach_.to_end(graph);
  return *reached;
}

std::vector<std::size_t> Sessions::dominating_keys(const Reached& reached, PathEnds ends) {
  const StepGraph& graph = graphs_.graph(reached.graph);
  std::vector<std::size_t> path;
  for (const Hop& hop : hops_to(graph, reached, reached.ends[0])) path.push_back(hop.step);
  Keys keys;
  Keys keys_inside;
  for (const std::size_t step : dominators(graph, path, ends)) {
    keys.insert(keys.end(), graph.steps[step].keys.begin(), graph.steps[step].keys.end());
    const auto inner = reached.inner.find(step);
    if (inner == reached.inner.end() || inner->second->ends.empty()) continue;
    auto known = dominating_keys_.find(inner->second.get());
    if (known == dominating_keys_.end()) {
      known = dominating_keys_.emplace(inner->second.get(), dominating_keys(*inner->second, PathEnds::all)).first;
    }
    add_sorted(known->second, keys_inside);
  }
  sort_once(keys);
  add_sorted(keys_inside, keys);
  return keys;
}

std::vector<std::size_t> Sessions::needed_of(std::size_t graph, std::vector<std::size_t> keys) {
  Keys needed;
  std::vector<Keys> groups{std::move(keys)};
  while (!groups.empty()) {
    const Keys group = std::move(groups.back());
    groups.pop_back();
    if (group.empty()) continue;
    std::vector<bool> taken_out(group.back() + 1);
    for (const std::size_t key : group) taken_out[key] = true;
    ++searches_;
    // A path around all of them shows that none is needed.
    if (!Reach(graphs_, {.keys = &taken_out}).to_end(graph)->ends.empty()) continue;
    if (group.size() == 1) {
      needed.push_back(group.front());
      continue;
    }
    const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    groups.emplace_back(group.begin(), middle);
    groups.emplace_back(middle, group.end());
  }
  return needed;
}

std::vector<std::string> Sessions::guarantees(const std::string& flow_id) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph) return {};
  const Reached& reached = everything(*graph);
  if (reached.ends.empty()) return {};
  const Keys passed = passed_keys(graphs_, reached, 0, passed_keys_);
  // Most need no search of their own.
  const Keys dominating = dominating_keys(reached, PathEnds::sessions);
  Keys open;
  std::set_difference(passed.begin(), passed.end(), dominating.begin(), dominating.end(), std::back_inserter(open));
  std::vector<std::string> guaranteed;
  for (const std::size_t key : dominating) guaranteed.push_back(graphs_.key(key));
  for (const std::size_t key : needed_of(*graph, std::move(open))) guaranteed.push_back(graphs_.key(key));
  std::sort(guaranteed.begin(), guaranteed.end());
  return guaranteed;
}

std::optional<Sessions::Fewest> Sessions::fewest_factors(const std::string& flow_id, const StepSet* ends,
                                                         std::size_t most) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph) return std::nullopt;
  const auto around = [&](unsigned factors) {
    ++searches_;
    return search_for({.factors = static_cast<FactorSet>(factors), .ends = ends}).to_end(*graph);
  };
  const FactorSet present = graphs_.factors_within(*graph);
  const int largest = std::min(std::popcount(present), static_cast<int>(most));
  // Every path completes one of each. Where there are many, finding them takes longer than they spare.
  constexpr std::size_t kMostCuts = 24;
  std::vector<unsigned> cuts;
  for (int size = 0; size <= largest; ++size) {
    Fewest fewest{.factors = static_cast<std::size_t>(size), .reached = nullptr};
    // Every subset of `present` once.
    for (unsigned subset = present;; subset = (subset - 1U) & present) {
      const auto is_cut = [&](unsigned cut) { return (cut & subset) != 0; };
      if (std::popcount(subset) == size && std::all_of(cuts.begin(), cuts.end(), is_cut)) {
        std::shared_ptr<const Reached> reached = around(present & ~subset);
        if (reached->ends.empty()) {
          if (cuts.size() < kMostCuts) cuts.push_back(smallest_cut(present & ~subset, around));
          if (cuts.back() == 0) return std::nullopt;
        } else if (!fewest.reached || reached->ends[0].length < fewest.reached->ends[0].length) {
          fewest.reached = std::move(reached);
        }
      }
      if (subset == 0) break;
    }
    if (fewest.reached) return fewest;
  }
  return std::nullopt;
}

std::optional<std::size_t> Sessions::assurance(const std::string& flow_id, const StepSet* ends) {
  const std::optional<Fewest> fewest = fewest_factors(flow_id, ends, kFactorKinds);
  if (!fewest) return std::nullopt;
  return fewest->factors;
}

Witness Sessions::witness_of(const Reached& reached) const {
  PathWriter writer(graphs_);
  writer.add(reached, 0, std::nullopt);
  Witness witness{.path = std::move(writer.path),
                  .is_truncated = writer.is_truncated,
                  .length = reached.ends[0].length,
                  .last_rule = {}};
  const StepGraph& graph = graphs_.graph(reached.graph);
  const std::vector<Hop> hops = hops_to(graph, reached, reached.ends[0]);
  for (std::size_t next = hops.size() - 1; next > 0 && !witness.last_rule; --next) {
    const Hop& hop = hops[next - 1];
    if (hop.left_by) witness.last_rule = {graph.steps[hop.step].id, *hop.left_by, graph.steps[hops[next].step].id};
  }
  return witness;
}

std::optional<Witness> Sessions::shortest_path(const std::string& flow_id) {
  if (!has_session(flow_id)) return std::nullopt;
  return witness_of(everything(*graphs_.index_of(flow_id)));
}

std::vector<std::string> Sessions::keys_on_shortest_path(const std::string& flow_id) {
  std::vector<std::string> keys;
  if (!has_session(flow_id)) return keys;
  const Reached& reached = everything(*graphs_.index_of(flow_id));
  for (const std::size_t key : passed_keys(graphs_, reached, 0, passed_keys_)) keys.push_back(graphs_.key(key));
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::optional<Witness> Sessions::path(const std::string& flow_id, const Question& question) {
  const std::optional<std::size_t> graph = graphs_.index_of(flow_id);
  if (!graph) return std::nullopt;
  const std::shared_ptr<const Reached> reached = search_for(question).to_end(*graph);
  if (reached->ends.empty()) return std::nullopt;
  return witness_of(*reached);
}

std::optional<Witness> Sessions::path_without(const std::string& flow_id, const std::string& key) {
  // The key's number exists once the graphs are read.
  if (!graphs_.index_of(flow_id)) return std::nullopt;
  return path(flow_id, {.key = graphs_.number_of(key)});
}

std::optional<Sessions::FewestFactors> Sessions::path_with_fewest_factors(const std::string& flow_id,
                                                                          const StepSet* ends, std::size_t most) {
  const std::optional<Fewest> fewest = fewest_factors(flow_id, ends, most);
  if (!fewest) return std::nullopt;
  return FewestFactors{fewest->factors, witness_of(*fewest->reached)};
}

}  // namespace flowship::flow
