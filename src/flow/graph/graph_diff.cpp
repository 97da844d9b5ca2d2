#include "flow/graph/graph_diff.hpp"

#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace flowship::flow {

namespace {

/// What identifies an edge: from, interaction, to.
using EdgeKey = std::tuple<std::string, std::string, std::string>;

EdgeKey key_of(const Graph& graph, const Edge& edge) {
  return {graph.tasks[edge.from].id, edge.interaction, graph.tasks[edge.to].id};
}

/// The ids of the tasks and screens that changed by the description.
std::unordered_set<std::string> changed_subjects(const Description& description) {
  std::unordered_set<std::string> subjects;
  for (const Statement& statement : description) {
    // A changed rule marks its edge instead.
    const bool is_edge = statement.topic == Topic::rules && statement.pointer.find("/conditions") == std::string::npos;
    const bool is_moved = statement.topic == Topic::tasks && statement.kind == ChangeKind::moved;
    const bool is_about_one =
        statement.topic == Topic::tasks || statement.topic == Topic::rules || statement.topic == Topic::screens;
    if (is_about_one && !is_edge && !is_moved) subjects.insert(statement.subject);
  }
  return subjects;
}

/// Marks with `only_here` what `other` does not have, and changed tasks.
void mark(Graph& graph, const Graph& other, Mark only_here, const std::unordered_set<std::string>& changed) {
  std::unordered_map<std::string, TaskKind> others;
  for (const Task& task : other.tasks) others.emplace(task.id, task.kind);
  const auto is_there = [&](const Task& task) {
    const auto found = others.find(task.id);
    return found != others.end() && (found->second != TaskKind::missing || task.kind == TaskKind::missing);
  };
  for (Task& task : graph.tasks) {
    if (!is_there(task)) {
      task.mark = only_here;
    } else if (changed.contains(task.id) || (!task.second_id.empty() && changed.contains(task.second_id)) ||
               (!task.screen_id.empty() && changed.contains(task.screen_id))) {
      task.mark = Mark::changed;
    }
  }
  std::set<EdgeKey> edges;
  for (const Edge& edge : other.edges) edges.insert(key_of(other, edge));
  for (Edge& edge : graph.edges) {
    if (!edges.contains(key_of(graph, edge))) edge.mark = only_here;
  }
}

}  // namespace

GraphDiff graph_diff(const Flow& before, const Flow& after, const Description& description) {
  GraphDiff graphs{.before = graph_of(before), .after = graph_of(after)};
  const Graph plain = graphs.before;
  const std::unordered_set<std::string> changed = changed_subjects(description);
  mark(graphs.before, graphs.after, Mark::removed, changed);
  mark(graphs.after, plain, Mark::added, changed);
  return graphs;
}

Graph merged(const GraphDiff& graphs) {
  Graph graph = graphs.after;
  std::unordered_map<std::string, std::size_t> indexes;
  for (std::size_t index = 0; index < graph.tasks.size(); ++index) indexes.emplace(graph.tasks[index].id, index);
  std::vector<std::size_t> places;
  for (const Task& task : graphs.before.tasks) {
    const auto [place, is_gone] = indexes.emplace(task.id, graph.tasks.size());
    if (is_gone) graph.tasks.push_back(task);
    places.push_back(place->second);
  }
  for (const Edge& edge : graphs.before.edges) {
    if (edge.mark != Mark::removed) continue;
    Edge gone = edge;
    gone.from = places[edge.from];
    gone.to = places[edge.to];
    graph.edges.push_back(std::move(gone));
  }
  return graph;
}

}  // namespace flowship::flow
