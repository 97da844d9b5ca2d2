#include "flow/graph/simple_paths.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <queue>
#include <tuple>

namespace flowship::flow {

namespace {

constexpr std::uint32_t kNever = Reached::kNever;
/// Of partial paths; some 100 bytes each.
constexpr std::size_t kMostOpen = 400'000;
/// Of steps with which a new one is compared; half a second.
constexpr std::size_t kMostCompared = 100'000'000;

/// By step of a flow, the fewest tasks from there to a session of the outermost flow, that step not included; `kNever`
/// if there is none.
using Ahead = std::vector<std::uint32_t>;

/// A flow that a path is in.
struct Frame {
  std::size_t graph = 0;
  /// The frame that runs it, and the step there; null for the outermost flow.
  const Frame* parent = nullptr;
  std::size_t call = 0;
  const Ahead* ahead = nullptr;
  /// What is left of the path, at least, once the flow is left; `ahead` does not count it.
  std::uint32_t after = 0;
};

/// A path so far, by its last step.
struct Partial {
  const Partial* previous = nullptr;
  const Frame* frame = nullptr;
  std::size_t step = 0;
  std::uint32_t length = 0;
  /// What the step before this one in the same flow is left by.
  std::optional<std::string> interaction;
  /// What the flow that was left before this step is left by.
  std::optional<std::string> shared;
};

/// Best-first search: what is ahead of a step is as long as the shortest way on, so paths are found shortest first, and
/// only those that meet themselves again are searched in vain.
class Enumeration {
 public:
  Enumeration(StepGraphs& graphs, std::size_t limit) : graphs_(graphs), limit_(limit) {}

  SimplePaths run(std::size_t graph) {
    const Frame& outermost = frame_of(graph, nullptr, 0);
    if (graphs_.graph(graph).start) add(nullptr, outermost, *graphs_.graph(graph).start, {}, {});
    SimplePaths found;
    while (!open_.empty()) {
      const Partial& partial = *std::get<2>(open_.top());
      open_.pop();
      const Step& step = step_of(partial);
      if (step.is_session && partial.frame->parent == nullptr) {
        if (found.paths.size() == limit_) {
          found.more = true;
          break;
        }
        found.paths.push_back(written(partial));
        continue;
      }
      if (partials_.size() > kMostOpen || compared_ > kMostCompared) {
        found.more = true;
        found.is_cut_short = true;
        break;
      }
      expand(partial, step);
    }
    return found;
  }

 private:
  const Step& step_of(const Partial& partial) const { return graphs_.graph(partial.frame->graph).steps[partial.step]; }

  bool is_entered(const Frame& frame, const Step& step) const {
    if (!step.subflow) return false;
    for (const Frame* each = &frame; each != nullptr; each = each->parent) {
      if (each->graph == *step.subflow) return false;
    }
    return true;
  }

  void expand(const Partial& partial, const Step& step) {
    if (step.is_session) return leave(partial, *partial.frame, step);
    if (is_entered(*partial.frame, step)) {
      const Frame& inner = frame_of(*step.subflow, partial.frame, partial.step);
      const StepGraph& graph = graphs_.graph(inner.graph);
      if (graph.start) add(&partial, inner, *graph.start, {}, {});
      return;
    }
    if (partial.frame->parent != nullptr && step.is_end()) leave(partial, *partial.frame, step);
    go_on(partial, *partial.frame, step, all_ways(step), {});
  }

  static std::vector<std::size_t> all_ways(const Step& step) {
    std::vector<std::size_t> ways(step.ways.size());
    for (std::size_t way = 0; way < ways.size(); ++way) ways[way] = way;
    return ways;
  }

  /// `end` is where the flow of `frame` is left: on with the flow that runs it.
  void leave(const Partial& partial, const Frame& frame, const Step& end) {
    if (frame.parent == nullptr) return;
    const Step& call = graphs_.graph(frame.parent->graph).steps[frame.call];
    if (frame.parent->parent != nullptr && call.is_end()) leave(partial, *frame.parent, call);
    go_on(partial, *frame.parent, call, ways_on(call, end), &end);
  }

  void go_on(const Partial& partial, const Frame& frame, const Step& step, const std::vector<std::size_t>& ways,
             const Step* end) {
    std::set<std::size_t> targets;
    std::vector<const Way*> chosen;
    for (const std::size_t index : ways) {
      if (targets.insert(step.ways[index].to).second) chosen.push_back(&step.ways[index]);
    }
    // The newest comes first, so that paths of one length are in the order of the rules.
    for (auto next = chosen.rbegin(); next != chosen.rend(); ++next) {
      const Way& way = **next;
      add(&partial, frame, way.to, way.interaction,
          end == nullptr ? std::nullopt : shared_interaction(*end, way.interaction));
    }
  }

  void add(const Partial* previous, const Frame& frame, std::size_t step, std::optional<std::string> interaction,
           std::optional<std::string> shared) {
    for (const Partial* each = previous; each != nullptr; each = each->previous, ++compared_) {
      if (each->frame == &frame && each->step == step) return;
    }
    const std::uint32_t ahead = (*frame.ahead)[step];
    if (ahead == kNever) return;
    const std::uint32_t length = previous == nullptr ? 1 : previous->length + 1;
    partials_.push_back({previous, &frame, step, length, std::move(interaction), std::move(shared)});
    open_.emplace(std::uint64_t{length} + ahead + frame.after,
                  std::numeric_limits<std::size_t>::max() - partials_.size(), &partials_.back());
  }

  const Frame& frame_of(std::size_t graph, const Frame* parent, std::size_t call) {
    Frame& frame = frames_.emplace_back(Frame{.graph = graph, .parent = parent, .call = call});
    std::vector<std::uint32_t> exits;
    for (const Step& step : graphs_.graph(graph).steps) {
      if (parent == nullptr ? step.is_session : step.is_end()) exits.push_back(after_exit(frame, step));
    }
    if (!exits.empty()) frame.after = *std::min_element(exits.begin(), exits.end());
    for (std::uint32_t& exit : exits) exit -= exit == kNever ? 0 : frame.after;
    Ahead& ahead = ahead_[{graph, parent == nullptr, stack_of(frame), exits}];
    if (ahead.empty()) ahead = ahead_of(frame);
    frame.ahead = &ahead;
    return frame;
  }

  /// The flows that the path is in at the frame, as far as the frame's flow can run them.
  std::set<std::size_t> stack_of(const Frame& frame) {
    std::set<std::size_t> stack;
    const std::set<std::size_t>& within = graphs_.within(frame.graph);
    // A flow farther out that could be entered again runs the one that runs this flow.
    if (frame.parent == nullptr || !within.contains(frame.parent->graph)) return stack;
    for (const Frame* each = frame.parent; each != nullptr; each = each->parent) {
      if (within.contains(each->graph)) stack.insert(each->graph);
    }
    return stack;
  }

  /// The fewest tasks after the frame's flow is left at `end`.
  std::uint32_t after_exit(const Frame& frame, const Step& end) const {
    if (frame.parent == nullptr) return 0;
    const Frame& parent = *frame.parent;
    const Step& call = graphs_.graph(parent.graph).steps[frame.call];
    std::uint32_t after = parent.parent != nullptr && call.is_end() ? after_exit(parent, call) : kNever;
    for (const std::size_t way : ways_on(call, end)) {
      const std::uint32_t ahead = (*parent.ahead)[call.ways[way].to];
      if (ahead != kNever) after = std::min(after, sum(sum(ahead, parent.after), 1));
    }
    return after;
  }

  /// Dijkstra's algorithm from the ends backwards.
  Ahead ahead_of(const Frame& frame) {
    const StepGraph& graph = graphs_.graph(frame.graph);
    Ahead ahead(graph.steps.size(), kNever);
    using Place = std::pair<std::uint32_t, std::size_t>;
    std::priority_queue<Place, std::vector<Place>, std::greater<>> open;
    const auto reach = [&](std::size_t step, std::uint32_t length) {
      if (length >= ahead[step]) return;
      ahead[step] = length;
      open.emplace(length, step);
    };
    /// A step from which another one is reached, and the tasks of the flow that it runs.
    struct Back {
      std::size_t from = 0;
      std::uint32_t inside = 0;
    };
    std::vector<std::vector<Back>> back(graph.steps.size());
    for (std::size_t index = 0; index < graph.steps.size(); ++index) {
      const Step& step = graph.steps[index];
      const bool is_left = frame.parent == nullptr ? step.is_session : step.is_end();
      const std::uint32_t after = is_left ? after_exit(frame, step) : kNever;
      const auto add_end = [&](std::uint32_t inside, const std::vector<std::size_t>& ways) {
        if (after != kNever) reach(index, sum(after - frame.after, inside));
        for (const std::size_t way : ways) back[step.ways[way].to].push_back({index, inside});
      };
      if (step.is_session) {
        add_end(0, {});
      } else if (is_entered(frame, step)) {
        const std::shared_ptr<const Reached> inner = reach_.inside(*step.subflow, stack_around(frame));
        const std::vector<Step>& steps = graphs_.graph(*step.subflow).steps;
        for (const Reached::End& end : inner->ends) {
          add_end(end.length, ways_on(step, steps[inner->step_of(end.state)]));
        }
      } else {
        add_end(0, all_ways(step));
      }
    }
    while (!open.empty()) {
      const auto [length, step] = open.top();
      open.pop();
      if (length != ahead[step]) continue;
      for (const Back& before : back[step]) reach(before.from, sum(sum(length, before.inside), 1));
    }
    return ahead;
  }

  /// The flows that the path is in inside the frame's flow.
  static std::set<std::size_t> stack_around(const Frame& frame) {
    std::set<std::size_t> stack;
    for (const Frame* each = &frame; each != nullptr; each = each->parent) stack.insert(each->graph);
    return stack;
  }

  SimplePath written(const Partial& last) const {
    std::vector<const Partial*> partials;
    for (const Partial* each = &last; each != nullptr; each = each->previous) partials.push_back(each);
    std::reverse(partials.begin(), partials.end());
    SimplePath found;
    std::set<std::string> factors;
    // By frame, its latest step on the path.
    std::map<const Frame*, std::size_t> latest;
    for (const Partial* partial : partials) {
      const Step& step = step_of(*partial);
      if (const auto before = latest.find(partial->frame); before != latest.end()) {
        found.path[before->second].interaction = partial->interaction;
        if (partial->previous->frame != partial->frame) found.path.back().interaction = partial->shared;
      }
      latest[partial->frame] = found.path.size();
      found.path.push_back({graphs_.graph(partial->frame->graph).flow_id, step.id, step.name, std::nullopt});
      for (std::size_t kind = 0; kind < kFactorKinds; ++kind) {
        if ((step.factors & (1U << kind)) != 0) factors.emplace(factor_kind(kind));
      }
    }
    found.factors.assign(factors.begin(), factors.end());
    return found;
  }

  StepGraphs& graphs_;
  std::size_t limit_;
  std::size_t compared_ = 0;
  std::deque<Frame> frames_;
  std::deque<Partial> partials_;
  /// Estimated length, order, path. Among equal estimates the newest comes first, since it has come farthest.
  using Open = std::tuple<std::uint64_t, std::size_t, const Partial*>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
  Reach reach_{graphs_, {}};
  /// By flow, whether it is the outermost, the flows around it that it could run, and what comes after each of its
  /// ends.
  std::map<std::tuple<std::size_t, bool, std::set<std::size_t>, std::vector<std::uint32_t>>, Ahead> ahead_;
};

}  // namespace

SimplePaths simple_paths(StepGraphs& graphs, const std::string& flow_id, std::size_t limit) {
  const std::optional<std::size_t> graph = graphs.index_of(flow_id);
  return graph ? Enumeration(graphs, limit).run(*graph) : SimplePaths();
}

}  // namespace flowship::flow
