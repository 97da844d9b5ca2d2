#include "flow/model/subflows.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <queue>

namespace flowship::flow {

namespace {

/// Tarjan's strongly connected components, iterative: a chain of subflows may be as long as there are flows.
class Groups {
 public:
  explicit Groups(const std::vector<std::vector<std::size_t>>& uses) : uses_(uses), marks_(uses.size()) {
    for (std::size_t node = 0; node < uses.size(); ++node) {
      if (marks_[node].order == 0) walk(node);
    }
  }

  std::size_t count() const { return members_.size(); }
  std::size_t group(std::size_t node) const { return marks_[node].group; }
  const std::vector<std::size_t>& members(std::size_t group) const { return members_[group]; }

 private:
  struct Mark {
    std::size_t order = 0;  // of discovery, from 1
    std::size_t low = 0;    // the earliest node on the path that is reachable from it
    std::size_t group = 0;
    bool on_path = false;
  };
  struct Step {
    std::size_t node;
    std::size_t next_use;
  };

  void meet(std::size_t node) {
    marks_[node].order = marks_[node].low = ++met_;
    marks_[node].on_path = true;
    path_.push_back(node);
    steps_.push_back({node, 0});
  }

  void walk(std::size_t start) {
    meet(start);
    while (!steps_.empty()) {
      const std::size_t node = steps_.back().node;
      if (steps_.back().next_use < uses_[node].size()) {
        const std::size_t used = uses_[node][steps_.back().next_use++];
        if (marks_[used].order == 0) {
          meet(used);
        } else if (marks_[used].on_path) {
          marks_[node].low = std::min(marks_[node].low, marks_[used].order);
        }
        continue;
      }
      steps_.pop_back();
      if (!steps_.empty()) {
        Mark& user = marks_[steps_.back().node];
        user.low = std::min(user.low, marks_[node].low);
      }
      if (marks_[node].low == marks_[node].order) close_group(node);
    }
  }

  void close_group(std::size_t first) {
    std::vector<std::size_t> members;
    std::size_t node = 0;
    do {
      node = path_.back();
      path_.pop_back();
      marks_[node].on_path = false;
      marks_[node].group = members_.size();
      members.push_back(node);
    } while (node != first);
    std::sort(members.begin(), members.end());
    members_.push_back(std::move(members));
  }

  const std::vector<std::vector<std::size_t>>& uses_;
  std::vector<Mark> marks_;
  std::vector<std::size_t> path_;
  std::vector<Step> steps_;
  std::vector<std::vector<std::size_t>> members_;
  std::size_t met_ = 0;
};

/// For each id, by its number in the order of the ids, the numbers of those that it uses.
std::vector<std::vector<std::size_t>> numbered(const SubflowGraph& graph) {
  std::map<std::string_view, std::size_t> numbers;
  for (const auto& [id, used] : graph) numbers.emplace(id, numbers.size());
  std::vector<std::vector<std::size_t>> uses;
  uses.reserve(graph.size());
  for (const auto& [id, used] : graph) {
    auto& own = uses.emplace_back();
    for (const std::string& other : used) {
      const auto found = numbers.find(other);
      if (found != numbers.end()) own.push_back(found->second);
    }
  }
  return uses;
}

/// The groups in topological order: a group is ready once everything that it uses is done, and of the ready ones the
/// one with the smallest id comes first.
std::vector<std::size_t> group_order(const Groups& groups, const std::vector<std::vector<std::size_t>>& uses) {
  std::vector<std::vector<std::size_t>> users(groups.count());
  std::vector<std::size_t> waits_for(groups.count());
  for (std::size_t node = 0; node < uses.size(); ++node) {
    for (const std::size_t used : uses[node]) {
      if (groups.group(used) == groups.group(node)) continue;
      users[groups.group(used)].push_back(groups.group(node));
      ++waits_for[groups.group(node)];
    }
  }
  using Ready = std::pair<std::size_t, std::size_t>;  // smallest member, group
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
  const auto add_ready = [&](std::size_t group) { ready.emplace(groups.members(group).front(), group); };
  for (std::size_t group = 0; group < groups.count(); ++group) {
    if (waits_for[group] == 0) add_ready(group);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t group = ready.top().second;
    ready.pop();
    order.push_back(group);
    for (const std::size_t user : users[group]) {
      if (--waits_for[user] == 0) add_ready(user);
    }
  }
  return order;
}

}  // namespace

std::vector<SubflowUse> subflow_uses(const Flow& flow) {
  std::vector<SubflowUse> uses;
  for (const json::Member& task : flow.contents.find("tasks").members()) {
    if (!task.value.find("type").is_string("flow")) continue;
    const json::Value named = task.value.find("arguments").find("flowId").find("value");
    if (named.is(json::Type::string)) uses.push_back({named.string(), task.name(), named});
  }
  return uses;
}

std::set<std::string> subflows_of(const Flow& flow) {
  std::set<std::string> ids;
  for (const SubflowUse& use : subflow_uses(flow)) ids.insert(use.flow_id);
  return ids;
}

SubflowOrder subflow_order(const SubflowGraph& graph) {
  const auto uses = numbered(graph);
  const Groups groups(uses);
  std::vector<std::string> names;
  names.reserve(graph.size());
  for (const auto& [id, used] : graph) names.push_back(id);

  SubflowOrder order;
  for (const std::size_t group : group_order(groups, uses)) {
    std::vector<std::string> ids;
    for (const std::size_t node : groups.members(group)) ids.push_back(names[node]);
    order.ids.insert(order.ids.end(), ids.begin(), ids.end());
    const std::size_t first = groups.members(group).front();
    const bool uses_itself = std::find(uses[first].begin(), uses[first].end(), first) != uses[first].end();
    if (ids.size() > 1 || uses_itself) order.cycles.push_back(std::move(ids));
  }
  std::sort(order.cycles.begin(), order.cycles.end());
  return order;
}

}  // namespace flowship::flow
