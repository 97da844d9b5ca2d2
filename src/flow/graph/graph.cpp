#include "flow/graph/graph.hpp"

#include "flow/graph/steps.hpp"
#include "flow/model/task_reference.hpp"

#include <Poco/String.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

namespace flowship::flow {

namespace {

std::optional<double> number_of(json::Value value) {
  if (!value.is(json::Type::number)) return std::nullopt;
  const std::string_view text = value.text();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<Point> position_of(json::Value task) {
  const json::Value view = task.find("view");
  const std::optional<double> x = number_of(view.find("x"));
  const std::optional<double> y = number_of(view.find("y"));
  if (!x || !y) return std::nullopt;
  return Point{*x, *y};
}

TaskKind task_kind(std::string_view id, std::string_view type) {
  if (type == "screen") return TaskKind::screen;
  if (type == "automated") return TaskKind::action;
  if (type == "condition") return TaskKind::condition;
  if (type == "flow") return TaskKind::subflow;
  return type.empty() && id == "start" ? TaskKind::entry : TaskKind::other;
}

Task task_of(const json::Member& member) {
  const json::Value at = member.value;
  Task task;
  task.id = member.name();
  task.name = Poco::trim(string_of(at.find("name")));
  task.type = string_of(at.find("type"));
  task.kind = task_kind(task.id, task.type);
  task.action = string_of(at.find("action"));
  task.position = position_of(at);
  if (task.kind == TaskKind::screen) task.screen_id = string_of(at.find("screenId"));
  if (task.kind == TaskKind::subflow) task.subflow_id = string_of(at.find("arguments").find("flowId").find("value"));
  return task;
}

/// Looks up labels in lists of interactions and conditions, each of which is read once.
class Labels {
 public:
  /// The label of the entry of `list` with that id; empty if there is none.
  std::string of(json::Value list, std::string_view id_name, std::string_view label_name, const std::string& id) {
    if (!list.is(json::Type::array)) return {};
    const auto [place, is_new] = lists_.try_emplace(list.text().data());
    if (is_new) {
      for (const json::Value item : list.items()) {
        const json::Value key = item.find(id_name);
        if (key.is(json::Type::string)) place->second.emplace(key.string(), item);
      }
    }
    const auto found = place->second.find(id);
    return found == place->second.end() ? std::string() : Poco::trim(string_of(found->second.find(label_name)));
  }

 private:
  /// By where the list begins, its entries by id.
  std::unordered_map<const char*, std::unordered_map<std::string, json::Value>> lists_;
};

/// First the tasks, then their rules.
class GraphReader {
 public:
  GraphReader(const Flow& flow, const FindFlow& find_flow) : flow_(flow), find_flow_(find_flow) {
    for (const Screen& screen : flow.screens) screens_.emplace(screen.id, &screen);
  }

  Graph read() {
    const json::Value tasks = flow_.contents.find("tasks");
    graph_.flow_id = flow_.id;
    graph_.title = Poco::trim(string_of(value_of(flow_.metadata, "name")));
    if (graph_.title.empty()) graph_.title = flow_.id;
    read_tasks(tasks);
    for (const json::Member& task : tasks.members()) read_rules(task);
    const auto start = indexes_.find(string_of(flow_.contents.find("startTask")));
    if (start != indexes_.end()) graph_.start = start->second;
    return std::move(graph_);
  }

 private:
  /// Second steps come last, since they may be written before the task that they belong to.
  void read_tasks(json::Value tasks) {
    std::vector<Task> second_steps;
    for (const json::Member& member : tasks.members()) {
      Task task = task_of(member);
      if (task.id.ends_with(kSecondStep) && task.id.size() > kSecondStep.size()) {
        second_steps.push_back(std::move(task));
      } else {
        add(std::move(task));
      }
    }
    for (Task& task : second_steps) {
      const auto first = indexes_.find(task.id.substr(0, task.id.size() - kSecondStep.size()));
      if (first != indexes_.end() && is_shown_with(graph_.tasks[first->second], task)) {
        graph_.tasks[first->second].second_id = task.id;
        indexes_.emplace(task.id, first->second);
      } else {
        add(std::move(task));
      }
    }
  }

  static bool is_shown_with(const Task& first, const Task& second) {
    if (first.kind != TaskKind::action || second.kind != TaskKind::action) return false;
    if (!second.position) return true;
    return first.position && first.position->x == second.position->x && first.position->y == second.position->y;
  }

  std::size_t add(Task task) {
    const auto [place, is_new] = indexes_.emplace(task.id, graph_.tasks.size());
    if (is_new) graph_.tasks.push_back(std::move(task));
    return place->second;
  }

  void read_rules(const json::Member& task) {
    const std::size_t from = indexes_.at(task.name());
    const std::size_t before = graph_.edges.size();
    for (const json::Value rule : task.value.find("next").find("rules").items()) {
      const std::string target = string_of(rule.find("taskId"));
      if (target.empty()) continue;
      if (target == graph_.tasks[from].second_id) continue;  // inside the box
      Edge edge;
      edge.from = from;
      edge.to = index_of(target);
      edge.interaction = string_of(rule.find("interactionId"));
      edge.label = label_of(task.value, graph_.tasks[from], edge.interaction);
      graph_.edges.push_back(std::move(edge));
    }
    for (const std::string_view argument : kTwoStepArguments) {
      const auto second = indexes_.find(argument_of(task.value, argument));
      if (second == indexes_.end() || second->second == from) continue;
      const bool has_rule = std::any_of(graph_.edges.begin() + static_cast<std::ptrdiff_t>(before), graph_.edges.end(),
                                        [&](const Edge& edge) { return edge.to == second->second; });
      if (has_rule) continue;
      Edge edge;
      edge.from = from;
      edge.to = second->second;
      graph_.edges.push_back(std::move(edge));
    }
  }

  std::size_t index_of(const std::string& target) {
    const auto found = indexes_.find(target);
    if (found != indexes_.end()) return found->second;
    Task missing;
    missing.id = target;
    missing.kind = TaskKind::missing;
    return add(std::move(missing));
  }

  std::string label_of(json::Value at, const Task& task, const std::string& interaction) {
    if (interaction.empty()) return {};
    std::string label;
    switch (task.kind) {
      case TaskKind::screen:
        label = screen_label(at, task.screen_id, interaction);
        break;
      case TaskKind::condition:
        label = labels_.of(at.find("conditions"), "interactionId", "name", interaction);
        if (label.empty() && interaction == "ELSE") label = "Else";
        break;
      case TaskKind::subflow:
        label = subflow_label(task.subflow_id, interaction);
        break;
      default:
        if (interaction == "success" && at.find("next").find("rules").size() == 1) return {};
        break;
    }
    return label.empty() ? interaction : label;
  }

  std::string screen_label(json::Value at, const std::string& screen_id, const std::string& interaction) {
    std::string label = labels_.of(at.find("interactions"), "id", "label", interaction);
    json::Value nodes = at.find("htmlTemplate");
    const auto screen = screens_.find(screen_id);
    if (screen != screens_.end()) {
      if (label.empty())
        label = labels_.of(value_of(screen->second->fields, "interactions"), "id", "label", interaction);
      nodes = value_of(screen->second->fields, "contents");
    }
    // An export may omit the list: then the button's own text is the label.
    if (label.empty()) label = Poco::trim(string_of(nodes.find(interaction).find("props").find("children")));
    return label;
  }

  std::string subflow_label(const std::string& subflow_id, const std::string& interaction) {
    const Flow* subflow = find_flow_ ? find_flow_(subflow_id) : nullptr;
    if (subflow == nullptr) return {};
    return labels_.of(value_of(subflow->metadata, "sharedInteractions"), "id", "label", interaction);
  }

  const Flow& flow_;
  const FindFlow& find_flow_;
  std::unordered_map<std::string_view, const Screen*> screens_;
  Labels labels_;
  Graph graph_;
  /// The ids of all tasks, second steps and missing ones too.
  std::unordered_map<std::string, std::size_t> indexes_;
};

}  // namespace

std::string_view to_text(TaskKind kind) {
  constexpr std::string_view kTexts[] = {"start", "screen", "action", "condition", "flow", "task", "missing"};
  return kTexts[static_cast<std::size_t>(kind)];
}

std::string_view to_text(Mark mark) {
  constexpr std::string_view kTexts[] = {"", "added", "changed", "removed"};
  return kTexts[static_cast<std::size_t>(mark)];
}

std::string_view sign_of(Mark mark) {
  constexpr std::string_view kSigns[] = {"", "+", "~", "−"};
  return kSigns[static_cast<std::size_t>(mark)];
}

std::string kind_text(const Task& task) {
  std::string text = task.kind == TaskKind::other && !task.type.empty() ? task.type : std::string(to_text(task.kind));
  if (!task.action.empty()) text += " · " + task.action;
  if (!task.subflow_id.empty()) text += " · " + task.subflow_id;
  if (task.kind == TaskKind::missing) text = "no such task";
  return text;
}

std::optional<std::size_t> Graph::find(std::string_view id) const {
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const Task& task) {
    return task.id == id || (!task.second_id.empty() && task.second_id == id);
  });
  if (found == tasks.end()) return std::nullopt;
  return static_cast<std::size_t>(found - tasks.begin());
}

FlowsById by_id(const std::vector<Flow>& flows) {
  FlowsById found;
  for (const Flow& flow : flows) found.emplace(flow.id, &flow);
  return found;
}

FindFlow finder(const FlowsById& flows) {
  return [&flows](const std::string& id) {
    const auto found = flows.find(id);
    return found == flows.end() ? nullptr : found->second;
  };
}

Graph graph_of(const Flow& flow, const FindFlow& find_flow) { return GraphReader(flow, find_flow).read(); }

}  // namespace flowship::flow
