#pragma once

#include "flow/graph/steps.hpp"

#include <cstdint>
#include <limits>

// Which ends of a flow can be reached, and over how few tasks, when some tasks are taken out. A flow that is run inside
// another is searched once for all tasks that run it.

namespace flowship::flow {

/// Tasks that are taken out.
struct Without {
  /// Those with this key.
  std::optional<std::size_t> key;
  /// Those that complete any of these factors.
  FactorSet factors = 0;

  bool has(const Step& step) const;
};

/// What can be reached in one flow.
struct Reached {
  static constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kLongest = kNever - 1;

  /// How a step is reached.
  struct From {
    std::size_t step = 0;
    /// An index of the step's `ways`.
    std::size_t way = 0;
    /// If the step runs a flow: where that flow is left, an index of `inner->ends`.
    std::size_t inner_end = 0;
  };
  /// Where the flow is left.
  struct End {
    std::size_t step = 0;
    /// In tasks, those of the flows inside included.
    std::uint32_t length = 0;
    std::size_t inner_end = 0;
  };

  std::size_t graph = 0;
  /// Tasks on the shortest path to each step, that step included, at most `kLongest`; `kNever` if there is none.
  std::vector<std::uint32_t> length;
  std::vector<From> from;
  /// Of a flow that runs inside another: all ends. Else: the nearest session, or none.
  std::vector<End> ends;
  /// By step, what is reached in the flow that it runs; null for a plain task.
  std::unordered_map<std::size_t, std::shared_ptr<const Reached>> inner;
};

/// A search in the flows of `graphs`.
class Reach {
 public:
  Reach(StepGraphs& graphs, Without without) : graphs_(graphs), without_(without) {}

  /// From the start of a flow to its nearest session.
  std::shared_ptr<const Reached> to_session(std::size_t graph) { return search(graph, {graph}, true); }

 private:
  /// The flows that the path is in.
  using Stack = std::set<std::size_t>;

  std::shared_ptr<const Reached> search(std::size_t graph, const Stack& stack, bool is_outermost);
  std::shared_ptr<const Reached> inside(std::size_t graph, Stack stack);

  StepGraphs& graphs_;
  Without without_;
  std::map<std::pair<std::size_t, Stack>, std::shared_ptr<const Reached>> known_;

  friend class FlowSearch;
};

/// The ways on from a step that runs a flow which ends at `end`: those for its shared interactions, else all.
std::vector<std::size_t> ways_on(const Step& step, const Step& end);

/// The interaction that a flow is left by at `end` when the flow that runs it goes on by `way`; nothing if the end has
/// no shared interaction.
std::optional<std::string> shared_interaction(const Step& end, const std::optional<std::string>& way);

}  // namespace flowship::flow
