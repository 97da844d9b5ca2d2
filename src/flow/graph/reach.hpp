#pragma once

#include "base/error.hpp"
#include "flow/graph/selectors.hpp"

#include <cstdint>
#include <limits>

// Which ends of a flow can be reached, and over how few tasks, when some tasks are taken out. A flow that is run inside
// another is searched once for all tasks that run it.

namespace flowship::flow {

/// Which paths are looked for. The sets must outlive it.
struct Question {
  /// Paths around the tasks with this key, those that complete any of these factors, and those of this set.
  std::optional<std::size_t> key = {};
  /// As for one key, those whose number has `true`.
  const std::vector<bool>* keys = nullptr;
  FactorSet factors = 0;
  const StepSet* around = nullptr;
  /// Paths that pass one of these.
  const StepSet* through = nullptr;
  /// What a path ends at, in the outermost flow, instead of a session. The end does not count as passed.
  const StepSet* ends = nullptr;

  auto operator<=>(const Question&) const = default;
};

/// Flows that run each other in circles may have too many paths to look at: which flows a path can enter depends on
/// those that it is in.
class TooManyCircles : public Error {
 public:
  TooManyCircles()
      : Error("flows that run each other in circles have too many paths to look at",
              "let fewer of them run each other") {}
};

/// What can be reached in one flow. A state is the index of a step, plus the number of steps once the path has passed
/// one of `Question::through`.
struct Reached {
  static constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kLongest = kNever - 1;

  /// How a state is reached.
  struct From {
    /// The state itself at the start.
    std::size_t state = 0;
    /// An index of the step's `ways`.
    std::size_t way = 0;
    /// If the step runs a flow: where that flow is left, an index of `inner->ends`.
    std::size_t inner_end = 0;
  };
  /// Where the flow is left.
  struct End {
    std::size_t state = 0;
    /// In tasks, those of the flows inside included.
    std::uint32_t length = 0;
    std::size_t inner_end = 0;
    /// Whether the path has passed one of `Question::through`, in a flow that the last step runs too.
    bool has_passed = false;
  };

  std::size_t graph = 0;
  /// How many steps the flow has.
  std::size_t steps = 0;
  /// Tasks on the shortest path to each state, its step included, at most `kLongest`; `kNever` if there is none.
  std::vector<std::uint32_t> length;
  std::vector<From> from;
  /// Of a flow that runs inside another: all ends. Else: the nearest end of the question, or none.
  std::vector<End> ends;
  /// By step, what is reached in the flow that it runs; null for a plain task.
  std::unordered_map<std::size_t, std::shared_ptr<const Reached>> inner;

  std::size_t step_of(std::size_t state) const { return state < steps ? state : state - steps; }
};

/// A search in the flows of `graphs`. What was found in flows that others run is kept.
class Reach {
 public:
  Reach(StepGraphs& graphs, const Question& question) : graphs_(graphs), question_(question) {}

  /// From the start of a flow to its nearest end. Throws `TooManyCircles`.
  std::shared_ptr<const Reached> to_end(std::size_t graph) {
    in_circles_ = 0;
    return search(graph, {graph}, true);
  }

  /// The flows that a path is in.
  using Stack = std::set<std::size_t>;

  /// From the start of a flow to all its ends, where flows of `stack` run it. Throws `TooManyCircles`.
  std::shared_ptr<const Reached> inside(std::size_t graph, const Stack& stack);

  /// The steps of the flows that are kept.
  std::size_t kept() const { return kept_; }

 private:
  std::shared_ptr<const Reached> search(std::size_t graph, const Stack& stack, bool is_outermost);
  bool is_taken_out(std::size_t graph, std::size_t step) const;

  StepGraphs& graphs_;
  Question question_;
  std::map<std::pair<std::size_t, Stack>, std::shared_ptr<const Reached>> known_;
  /// Steps of flows that were searched once more since the path is in other flows that they run.
  std::size_t in_circles_ = 0;
  std::size_t kept_ = 0;

  friend class FlowSearch;
};

/// At most `Reached::kLongest`: a path through flows that run each other twice doubles with each level.
std::uint32_t sum(std::uint32_t left, std::uint32_t right);

/// The ways on from a step that runs a flow which ends at `end`: those for its shared interactions, else all.
std::vector<std::size_t> ways_on(const Step& step, const Step& end);

/// The interaction that a flow is left by at `end` when the flow that runs it goes on by `way`; nothing if the end has
/// no shared interaction.
std::optional<std::string> shared_interaction(const Step& end, const std::optional<std::string>& way);

}  // namespace flowship::flow
