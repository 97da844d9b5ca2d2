#include "flow/graph/reach.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

namespace flowship::flow {

namespace {

/// Of the steps of flows that are searched once more since the path is in other flows that they run: a circle of eight
/// flows of ten tasks that all run each other has fewer.
constexpr std::size_t kMostInCircles = 20'000;

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
    found_.steps = graph_.steps.size();
    const std::size_t states = found_.steps * (reach.question_.through == nullptr ? 1 : 2);
    found_.length.assign(states, Reached::kNever);
    found_.from.resize(states);
    is_done_.resize(states);
  }

  Reached run() {
    if (graph_.start) visit(*graph_.start, false, 1, std::nullopt);
    while (!open_.empty()) {
      const auto [length, order, state] = open_.top();
      open_.pop();
      if (length != found_.length[state] || is_done_[state]) continue;
      is_done_[state] = true;
      if (!is_end_of_path(found_.step_of(state))) {
        expand(state, length);
        continue;
      }
      const bool is_wanted = !is_outermost_ || reach_.question_.through == nullptr || has_passed(state);
      if (is_wanted) found_.ends.push_back({state, length, 0, has_passed(state)});
      if (is_wanted && is_outermost_) break;
    }
    return std::move(found_);
  }

 private:
  bool has_passed(std::size_t state) const { return state >= found_.steps; }

  bool is_end_of_question(std::size_t step) const {
    const StepSet* ends = reach_.question_.ends;
    return is_outermost_ && ends != nullptr && ends->has(found_.graph, step);
  }

  bool is_end_of_path(std::size_t step) const {
    if (is_outermost_ && reach_.question_.ends != nullptr) return is_end_of_question(step);
    return graph_.steps[step].is_session;
  }

  void expand(std::size_t state, std::uint32_t length) {
    const std::size_t index = found_.step_of(state);
    const Step& step = graph_.steps[index];
    const bool is_entered = step.subflow && !stack_.contains(*step.subflow);
    if (!is_entered) {
      leave({state, length, 0, has_passed(state)});
      for (std::size_t way = 0; way < step.ways.size(); ++way)
        visit(step.ways[way].to, has_passed(state), sum(length, 1), Reached::From{state, way, 0});
      return;
    }
    const std::shared_ptr<const Reached> inner = reach_.inside(*step.subflow, stack_);
    found_.inner.emplace(index, inner);
    const StepGraph& subflow = reach_.graphs_.graph(*step.subflow);
    for (std::size_t end = 0; end < inner->ends.size(); ++end) {
      const Reached::End& left = inner->ends[end];
      const bool passed = has_passed(state) || left.has_passed;
      leave({state, sum(length, left.length), end, passed});
      for (const std::size_t way : ways_on(step, subflow.steps[inner->step_of(left.state)])) {
        visit(step.ways[way].to, passed, sum(sum(length, left.length), 1), Reached::From{state, way, end});
      }
    }
  }

  /// The flow is left at `end`, if it runs inside another and this is the nearest way to leave it at that step.
  void leave(const Reached::End& end) {
    if (is_outermost_ || !graph_.steps[found_.step_of(end.state)].is_end()) return;
    for (auto known = found_.ends.rbegin(); known != found_.ends.rend() && known->state == end.state; ++known) {
      if (known->has_passed != end.has_passed) continue;
      if (end.length < known->length) *known = end;
      return;
    }
    found_.ends.push_back(end);
  }

  /// `from` is nothing at the start.
  void visit(std::size_t step, bool has_passed, std::uint32_t length, const std::optional<Reached::From>& from) {
    if (!is_end_of_question(step)) {
      if (reach_.is_taken_out(found_.graph, step)) return;
      const StepSet* through = reach_.question_.through;
      if (through != nullptr && through->has(found_.graph, step)) has_passed = true;
    }
    const std::size_t state = step + (has_passed ? found_.steps : 0);
    if (length >= found_.length[state]) return;
    found_.length[state] = length;
    found_.from[state] = from.value_or(Reached::From{state, 0, 0});
    open_.emplace(length, order_++, state);
  }

  Reach& reach_;
  const StepGraph& graph_;
  const Reach::Stack& stack_;
  bool is_outermost_;
  Reached found_;
  std::vector<bool> is_done_;
  /// Length, order of discovery, state.
  using Open = std::tuple<std::uint32_t, std::size_t, std::size_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
  std::size_t order_ = 0;
};

bool Reach::is_taken_out(std::size_t graph, std::size_t step) const {
  const Step& each = graphs_.graph(graph).steps[step];
  if ((each.factors & question_.factors) != 0) return true;
  if (question_.around != nullptr && question_.around->has(graph, step)) return true;
  return std::any_of(each.keys.begin(), each.keys.end(), [this](std::size_t key) {
    const bool is_one = question_.keys != nullptr && key < question_.keys->size() && (*question_.keys)[key];
    return is_one || question_.key == key;
  });
}

std::shared_ptr<const Reached> Reach::search(std::size_t graph, const Stack& stack, bool is_outermost) {
  return std::make_shared<const Reached>(FlowSearch(*this, graph, stack, is_outermost).run());
}

std::shared_ptr<const Reached> Reach::inside(std::size_t graph, const Stack& stack) {
  // Only flows that could be entered again make a difference.
  const std::set<std::size_t>& within = graphs_.within(graph);
  Stack relevant{graph};
  for (const std::size_t each : stack) {
    if (within.contains(each)) relevant.insert(each);
  }
  const auto known = known_.find({graph, relevant});
  if (known != known_.end()) return known->second;
  const std::size_t steps = graphs_.graph(graph).steps.size() + 1;
  if (relevant.size() > 1) in_circles_ += steps;
  if (in_circles_ > kMostInCircles) throw TooManyCircles();
  std::shared_ptr<const Reached> found = search(graph, relevant, false);
  known_.emplace(std::pair(graph, std::move(relevant)), found);
  kept_ += steps;
  return found;
}

std::uint32_t sum(std::uint32_t left, std::uint32_t right) {
  return right > Reached::kLongest - left ? Reached::kLongest : left + right;
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
