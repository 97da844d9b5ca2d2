#pragma once

#include "flow/graph/dominators.hpp"
#include "flow/graph/reach.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
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

/// `Welcome (1) → Verify OTP (2) → End (3)`; the middle of a long path is left out.
std::string path_words(const Path& path, bool is_truncated);

/// A path that shows something.
struct Witness {
  /// A rule of the flow itself.
  struct LastRule {
    std::string task_id;
    std::string interaction;
    std::string to;
  };

  /// At most `kLongestPath` tasks: flows that run each other twice make paths that double with each level.
  Path path;
  bool is_truncated = false;
  /// In tasks, truncated or not.
  std::uint32_t length = 0;
  /// The last rule that the path takes in the flow itself; nothing if it takes none.
  std::optional<LastRule> last_rule;
};

inline constexpr std::size_t kLongestPath = 200;

/// Where a witness of `flow` goes wrong: the target of its last rule, as it is written; `startTask` if it takes none.
/// Absent if there is neither.
json::Value place_of(const Flow& flow, const std::optional<Witness::LastRule>& rule);

/// Sorted keys, by what is reached in a flow and the index of one of its ends.
using KeysByEnd = std::map<std::pair<const Reached*, std::size_t>, std::vector<std::size_t>>;

/// Asks about the flows of one revision. Everything throws `TooManyCircles`. What is found in flows that others run is
/// kept for later questions, so the sets that are asked about must outlive it.
class Sessions {
 public:
  /// `find_flow` must outlive this.
  explicit Sessions(FindFlow find_flow, StepGraphs::Keys keys = StepGraphs::Keys::read)
      : graphs_(std::move(find_flow), keys) {}
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  /// Whether a session can be reached, or one of `ends` instead.
  bool has_session(const std::string& flow_id, const StepSet* ends = nullptr);

  /// The keys that every path to a session passes, sorted; none without a session.
  std::vector<std::string> guarantees(const std::string& flow_id);

  /// The smallest number of different factors on any path to a session; nothing without a session.
  std::optional<std::size_t> assurance(const std::string& flow_id, const StepSet* ends = nullptr);

  /// A shortest path to a session; nothing if there is none.
  std::optional<Witness> shortest_path(const std::string& flow_id);
  /// The keys of the tasks on it, sorted.
  std::vector<std::string> keys_on_shortest_path(const std::string& flow_id);

  /// A shortest path, in tasks; nothing if there is none.
  std::optional<Witness> path(const std::string& flow_id, const Question& question);

  /// A shortest path to a session that passes no task with that key; nothing if there is none.
  std::optional<Witness> path_without(const std::string& flow_id, const std::string& key);

  /// A shortest one of those with the fewest factors; nothing if it has more than `most`.
  struct FewestFactors {
    std::size_t factors = 0;
    Witness witness;
  };
  std::optional<FewestFactors> path_with_fewest_factors(const std::string& flow_id, const StepSet* ends = nullptr,
                                                        std::size_t most = kFactorKinds);

  StepGraphs& graphs() { return graphs_; }
  /// How many searches guarantees and fewest factors needed so far, beside one for each flow.
  std::size_t searches() const { return searches_; }

 private:
  /// What is reached with the fewest factors, by way of the nearest session.
  struct Fewest {
    std::size_t factors = 0;
    std::shared_ptr<const Reached> reached;
  };

  Reach& search_for(const Question& question);
  /// What is reached when nothing is taken out, searched once for every flow.
  const Reached& everything(std::size_t graph);
  /// The keys of tasks that every path passes, sorted: most of what is guaranteed, found without a search for each.
  std::vector<std::size_t> dominating_keys(const Reached& reached, PathEnds ends);
  /// Those of the sorted keys that every path to a session passes.
  std::vector<std::size_t> needed_of(std::size_t graph, std::vector<std::size_t> keys);
  std::optional<Fewest> fewest_factors(const std::string& flow_id, const StepSet* ends, std::size_t most);
  Witness witness_of(const Reached& reached) const;

  StepGraphs graphs_;
  Reach reach_{graphs_, {}};
  std::map<Question, Reach> searches_by_question_;
  std::map<std::size_t, std::shared_ptr<const Reached>> everything_;
  /// Of flows that others run, whose `Reached` `reach_` keeps.
  KeysByEnd passed_keys_;
  std::map<const Reached*, std::vector<std::size_t>> dominating_keys_;
  std::size_t searches_ = 0;
};

}  // namespace flowship::flow
