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

/// A flow that a path is in.
struct Frame {
  std::size_t graph = 0;
  /// The frame that runs it, and the step there; null for the outermost flow.
  const Frame* parent = nullptr;
  std::size_t call = 0;
  /// By step, the fewest of the flow's own tasks from there to where it is left, that step not included.
  const std::vector<std::uint32_t>* ahead = nullptr;
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

/// Best-first search: what is ahead of a step is never overestimated, so paths are found shortest first.
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
    if (is_entered(*partial.frame, step)) {
      const Frame& inner = frame_of(*step.subflow, partial.frame, partial.step);
      const StepGraph& graph = graphs_.graph(inner.graph);
      if (graph.start) add(&partial, inner, *graph.start, {}, {});
      return;
    }
    if (step.is_session) return leave(partial, *partial.frame, step);
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
    std::uint64_t ahead = 0;
    std::size_t from = step;
    for (const Frame* each = &frame; each != nullptr; each = each->parent) {
      if ((*each->ahead)[from] == kNever) return;
      ahead += (*each->ahead)[from];
      from = each->call;
    }
    const std::uint32_t length = previous == nullptr ? 1 : previous->length + 1;
    partials_.push_back({previous, &frame, step, length, std::move(interaction), std::move(shared)});
    open_.emplace(length + ahead, std::numeric_limits<std::size_t>::max() - partials_.size(), &partials_.back());
  }

  const Frame& frame_of(std::size_t graph, const Frame* parent, std::size_t call) {
    return frames_.emplace_back(Frame{graph, parent, call, &ahead_of(graph, parent == nullptr)});
  }

  /// Breadth first from the ends backwards. Tasks of flows inside are not counted: a lower bound is enough.
  const std::vector<std::uint32_t>& ahead_of(std::size_t index, bool is_outermost) {
    const auto known = ahead_.find({index, is_outermost});
    if (known != ahead_.end()) return known->second;
    const StepGraph& graph = graphs_.graph(index);
    std::vector<std::vector<std::size_t>> back(graph.steps.size());
    std::vector<std::uint32_t> ahead(graph.steps.size(), kNever);
    std::deque<std::size_t> open;
    for (std::size_t step = 0; step < graph.steps.size(); ++step) {
      for (const Way& way : graph.steps[step].ways) back[way.to].push_back(step);
      if (!(is_outermost ? graph.steps[step].is_session : graph.steps[step].is_end())) continue;
      ahead[step] = 0;
      open.push_back(step);
    }
    while (!open.empty()) {
      const std::size_t step = open.front();
      open.pop_front();
      for (const std::size_t before : back[step]) {
        if (ahead[before] != kNever) continue;
        ahead[before] = ahead[step] + 1;
        open.push_back(before);
      }
    }
    return ahead_[{index, is_outermost}] = std::move(ahead);
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
  std::map<std::pair<std::size_t, bool>, std::vector<std::uint32_t>> ahead_;
};

}  // namespace

SimplePaths simple_paths(StepGraphs& graphs, const std::string& flow_id, std::size_t limit) {
  const std::optional<std::size_t> graph = graphs.index_of(flow_id);
  return graph ? Enumeration(graphs, limit).run(*graph) : SimplePaths();
}

}  // namespace flowship::flow
