#pragma once

#include "flow/graph/graph.hpp"
#include "flow/graph/task_keys.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

// Flows as graphs of steps, for what can be reached: unlike on the canvas, both tasks of a two-step action count.

namespace flowship::flow {

/// A way from a step to the next one.
struct Way {
  std::size_t to = 0;
  /// Of the rule; nothing between the two tasks of a two-step action.
  std::optional<std::string> interaction;
};

/// A task.
struct Step {
  std::string id;
  std::string name;
  /// As written.
  json::Value task;
  /// `action:…`, `factor:…`, `connector:…`, `screen:…`, `subflow:…`, as numbers of `StepGraphs`.
  std::vector<std::size_t> keys;
  FactorSet factors = 0;
  /// Its action is `logged-in`.
  bool is_session = false;
  /// The flow that it runs, as an index of `StepGraphs`, if there is that flow.
  std::optional<std::size_t> subflow;
  std::vector<Way> ways;
  /// The shared interactions that end the flow here when it runs as a subflow.
  std::vector<std::string> shared;

  bool is_end() const { return is_session || ways.empty() || !shared.empty(); }
};

/// The decoded text of an argument, which may be wrapped in an object; empty if there is none.
std::string argument_of(json::Value task, std::string_view name);

/// The connector's name in the flow's `references`, which is the same in every project; its id if it has no name.
std::string connector_name(const Flow& flow, const std::string& id);

struct StepGraph {
  std::string flow_id;
  const Flow* flow = nullptr;
  std::vector<Step> steps;
  /// Where it begins; nothing if `startTask` names no task.
  std::optional<std::size_t> start;
};

/// The graphs of flows that are looked at, and of the flows that they run, each read once.
class StepGraphs {
 public:
  /// Whether steps have their keys, which not every question needs.
  enum class Keys { read, left_out };

  explicit StepGraphs(FindFlow find_flow, Keys keys = Keys::read) : find_flow_(std::move(find_flow)), with_(keys) {}

  /// The index of a flow's graph; nothing if there is no such flow.
  std::optional<std::size_t> index_of(const std::string& flow_id);
  const StepGraph& graph(std::size_t index) const { return *graphs_[index]; }

  const std::string& key(std::size_t number) const { return keys_[number]; }
  std::optional<std::size_t> number_of(const std::string& key) const;

  /// The flows that can run inside a flow, itself included.
  const std::set<std::size_t>& within(std::size_t index);
  /// The factors that their tasks complete.
  FactorSet factors_within(std::size_t index);

 private:
  /// A step that runs another flow.
  struct Use {
    std::size_t graph;
    std::size_t step;
    std::string flow_id;
  };

  std::vector<Use> read(const Flow& flow);
  void read_task(const Flow& flow, const json::Member& member, Step& step);
  std::size_t number_for(const std::string& key);

  FindFlow find_flow_;
  Keys with_;
  std::vector<std::unique_ptr<StepGraph>> graphs_;
  std::unordered_map<std::string, std::size_t> indexes_;
  std::vector<std::string> keys_;
  std::unordered_map<std::string, std::size_t> numbers_;
  /// By action.
  std::unordered_map<std::string, std::optional<std::size_t>> factors_;
  std::map<std::size_t, std::set<std::size_t>> within_;
};

}  // namespace flowship::flow
