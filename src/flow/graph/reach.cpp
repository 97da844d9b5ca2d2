#include "flow/graph/reach.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

namespace flowship::flow {

namespace {

/// A path through flows that run each other twice doubles with each level.
std::uint32_t sum(std::uint32_t left, std::uint32_t right) {
  return right > Reached::kLongest - left ? Reached::kLongest : left + right;
}

bool names(const Step& end, const std::optional<std::string>& interaction) {
  return interaction && std::find(end.shared.begin(), end.shared.end(), *interaction) != end.shared.end();
}

}  // namespace

/// Dijkstra's algorithm over one flow: a step that runs a flow is as long as that flow.
class FlowSearch {
 public:
  FlowSearch(Reach& reach, std::size_t graph, const Reach::Stack& stack, bool is_outermost)
      : reach_(reach), graph_(reach.graphs_.graph(graph)), stack_(stack), is_outermost_(is_outermost) {
    found_.graph = graph;
    found_.length.assign(graph_.steps.size(), Reached::kNever);
    found_.from.resize(graph_.steps.size());
  }

  Reached run() {
    if (graph_.start) visit(*graph_.start, 1, {});
    while (!open_.empty()) {
      const auto [length, order, index] = open_.top();
      open_.pop();
      if (length != found_.length[index] || is_done_[index]) continue;
      is_done_[index] = true;
      const Step& step = graph_.steps[index];
      if (step.is_session) {
        found_.ends.push_back({index, length, 0});
        if (is_outermost_) break;
        continue;
      }
      expand(index, step, length);
    }
    return std::move(found_);
  }

 private:
  void expand(std::size_t index, const Step& step, std::uint32_t length) {
    const bool is_entered = step.subflow && !stack_.contains(*step.subflow);
    if (!is_entered) {
      leave(index, step, length, 0);
      for (std::size_t way = 0; way < step.ways.size(); ++way)
        visit(step.ways[way].to, sum(length, 1), {index, way, 0});
      return;
    }
    const std::shared_ptr<const Reached> inner = reach_.inside(*step.subflow, stack_);
    found_.inner.emplace(index, inner);
    const StepGraph& subflow = reach_.graphs_.graph(*step.subflow);
    if (inner->ends.empty()) return;
    const auto nearest = std::min_element(inner->ends.begin(), inner->ends.end(),
                                          [](const auto& a, const auto& b) { return a.length < b.length; });
    leave(index, step, sum(length, nearest->length), static_cast<std::size_t>(nearest - inner->ends.begin()));
    for (std::size_t end = 0; end < inner->ends.size(); ++end) {
      const Reached::End& left = inner->ends[end];
      for (const std::size_t way : ways_on(step, subflow.steps[left.step])) {
        visit(step.ways[way].to, sum(sum(length, left.length), 1), {index, way, end});
      }
    }
  }

  void leave(std::size_t index, const Step& step, std::uint32_t length, std::size_t inner_end) {
    if (!is_outermost_ && step.is_end()) found_.ends.push_back({index, length, inner_end});
  }

  void visit(std::size_t index, std::uint32_t length, Reached::From from) {
    if (length >= found_.length[index] || reach_.without_.has(graph_.steps[index])) return;
    found_.length[index] = length;
    found_.from[index] = from;
    open_.emplace(length, order_++, index);
  }

  Reach& reach_;
  const StepGraph& graph_;
  const Reach::Stack& stack_;
  bool is_outermost_;
  Reached found_;
  std::vector<bool> is_done_ = std::vector<bool>(graph_.steps.size());
  /// Length, order of discovery, step.
  using Open = std::tuple<std::uint32_t, std::size_t, std::size_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
  std::size_t order_ = 0;
};

bool Without::has(const Step& step) const {
  if ((step.factors & factors) != 0) return true;
  return key && std::find(step.keys.begin(), step.keys.end(), *key) != step.keys.end();
}

std::shared_ptr<const Reached> Reach::search(std::size_t graph, const Stack& stack, bool is_outermost) {
  return std::make_shared<const Reached>(FlowSearch(*this, graph, stack, is_outermost).run());
}

std::shared_ptr<const Reached> Reach::inside(std::size_t graph, Stack stack) {
  stack.insert(graph);
  // Only flows that could be entered again make a difference.
  const std::set<std::size_t>& within = graphs_.within(graph);
  Stack relevant;
  std::set_intersection(stack.begin(), stack.end(), within.begin(), within.end(),
                        std::inserter(relevant, relevant.end()));
  const auto known = known_.find({graph, relevant});
  if (known != known_.end()) return known->second;
  std::shared_ptr<const Reached> found = search(graph, relevant, false);
  known_.emplace(std::pair(graph, std::move(relevant)), found);
  return found;
}

std::vector<std::size_t> ways_on(const Step& step, const Step& end) {
  std::vector<std::size_t> named;
  std::vector<std::size_t> all;
  for (std::size_t way = 0; way < step.ways.size(); ++way) {
    all.push_back(way);
    if (names(end, step.ways[way].interaction)) named.push_back(way);
  }
  return named.empty() ? all : named;
}

std::optional<std::string> shared_interaction(const Step& end, const std::optional<std::string>& way) {
  if (end.shared.empty()) return std::nullopt;
  return names(end, way) ? way : end.shared.front();
}

}  // namespace flowship::flow
