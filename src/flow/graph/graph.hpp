#pragma once

#include "flow/model/flow.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A flow's graph as people see it on the canvas: to draw, describe and compare.

namespace flowship::flow {

/// `entry` is the mark that a flow begins with; `missing` is the target of a rule that the flow does not have.
enum class TaskKind { entry, screen, action, condition, subflow, other, missing };

/// `start`, `screen`, `action`, `condition`, `flow`, `task`, `missing`.
std::string_view to_text(TaskKind kind);

/// What a change did to a task or an edge: set by `graph_diff`, shown in drawings.
enum class Mark { none, added, changed, removed };

/// `added`, `changed`, `removed`; empty for none.
std::string_view to_text(Mark mark);

/// `+`, `~` or `−`; empty for none.
std::string_view sign_of(Mark mark);

/// A position on the canvas; y grows downwards.
struct Point {
  double x = 0;
  double y = 0;
};

struct Task {
  /// Its key in `contents.tasks`.
  std::string id;
  /// The id of the second task of a two-step action (`<id>.end`), which the canvas shows as one box with the first.
  std::string second_id;
  TaskKind kind = TaskKind::other;
  /// As written; may be empty.
  std::string name;
  std::string type;
  /// Of a screen task.
  std::string screen_id;
  /// Of an automated task: what it does. Of a two-step action, what the first step does.
  std::string action;
  /// Of a task that runs another flow: that flow's id.
  std::string subflow_id;
  /// Nothing if it is missing or malformed.
  std::optional<Point> position;
  Mark mark = Mark::none;
  /// Whether a path that is newly open goes around it.
  bool is_avoided = false;

  /// The name, or the id if there is none.
  const std::string& title() const { return name.empty() ? id : name; }
};

/// What kind of task it is and what it does, in a few words: `action · sign-in-otp-sms`.
std::string kind_text(const Task& task);

/// A rule: on that interaction the flow goes from one task to another.
struct Edge {
  /// Indexes in `Graph::tasks`.
  std::size_t from = 0;
  std::size_t to = 0;
  std::string interaction = {};
  /// What people call the interaction: a button's text, a condition's name, the subflow's own label for it, else its
  /// id. Empty if the flow just goes on.
  std::string label = {};
  Mark mark = Mark::none;
  /// Whether it is part of a path that is newly open.
  bool on_path = false;
};

struct Graph {
  std::string flow_id;
  /// The flow's name, or its id.
  std::string title;
  /// In the order of the text; missing ones come last.
  std::vector<Task> tasks;
  /// Task by task, each one's in the order of its rules, the way of a two-step action to its second task last.
  std::vector<Edge> edges;
  /// The task that `startTask` names.
  std::optional<std::size_t> start;

  /// The index of the task whose first or second step has that id. Takes time linear in the tasks.
  std::optional<std::size_t> find(std::string_view id) const;
};

/// Finds another flow by id, or null: the labels of a subflow's interactions are there.
using FindFlow = std::function<const Flow*(const std::string& id)>;

/// Flows by id, which live elsewhere.
using FlowsById = std::map<std::string, const Flow*>;

/// Of several with one id, the first.
FlowsById by_id(const std::vector<Flow>& flows);

/// Finds flows in `flows`, which must outlive it.
FindFlow finder(const FlowsById& flows);

/// Never throws: malformed parts are left out. `find_flow` may be empty.
Graph graph_of(const Flow& flow, const FindFlow& find_flow = {});

}  // namespace flowship::flow
