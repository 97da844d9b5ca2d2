#pragma once

#include "flow/graph/reach.hpp"

#include <string>
#include <vector>

// What every path of a flow to a session passes. A path runs from the flow's start along rules and two-step actions,
// through the flows that it runs, to the first task with the action `logged-in`. Conditions may go either way.

namespace flowship::flow {

/// A task on a path.
struct PathStep {
  std::string flow_id;
  std::string task_id;
  std::string name;
  /// What the step is left by; nothing at the session, and between the two tasks of a two-step action.
  std::optional<std::string> interaction;
};

using Path = std::vector<PathStep>;

/// How many tasks of a witness are written, and one more if there are more: flows that run each other twice make paths
/// that double with each level.
inline constexpr std::size_t kLongestWitness = 200;

class Sessions {
 public:
  /// `find_flow` finds the flows of one revision and must outlive this.
  explicit Sessions(FindFlow find_flow) : graphs_(std::move(find_flow)) {}

  bool has_session(const std::string& flow_id);

  /// The keys that every path to a session passes, sorted; none without a session.
  std::vector<std::string> guarantees(const std::string& flow_id);

  /// The smallest number of different factors on any path to a session; nothing without a session.
  std::optional<std::size_t> assurance(const std::string& flow_id);

  /// A shortest path to a session, in tasks, that passes no task with that key; nothing if there is none.
  std::optional<Path> path_without(const std::string& flow_id, const std::string& key);

  /// A shortest one of those with the fewest factors.
  std::optional<Path> path_with_fewest_factors(const std::string& flow_id);

  StepGraphs& graphs() { return graphs_; }

 private:
  /// What is reached with the fewest factors, by way of the nearest session.
  struct Fewest {
    std::size_t factors = 0;
    std::shared_ptr<const Reached> reached;
  };

  std::optional<Fewest> fewest_factors(const std::string& flow_id);
  Path path_to_session(const Reached& reached) const;

  StepGraphs graphs_;
};

}  // namespace flowship::flow
