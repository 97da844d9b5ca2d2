// The rules about a flow's graph: where it starts, what leads where, and what is shown.

#include "check/rules/rule.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>

namespace flowship::check {

namespace {

using Interactions = std::unordered_set<std::string_view>;

/// Interactions that every screen may have without listing them.
constexpr std::string_view kScreenInteractions[] = {"polling", "resend", "success"};
constexpr std::string_view kTwoStepArguments[] = {"exchangeStepId", "finishStepId", "verifyStepId"};

template <typename Range>
bool contains(const Range& range, std::string_view text) {
  return std::find(std::begin(range), std::end(range), text) != std::end(range);
}

/// The entry mark, which nothing leads to.
bool is_entry_mark(const Task& task) { return task.key == "start" && task.type.empty(); }

bool is_screen(const Task& task) { return task.type == "screen"; }

/// Everything about one flow's graph that several rules need.
class Graph {
 public:
  Graph(const Subject& subject, Findings& findings)
      : flow_(subject.flow), tasks_(subject.tasks), repository_(subject.repository), findings_(findings) {
    for (const flow::Screen& screen : flow_.screens) index_screen(screen);
  }

  void check() {
    check_start();
    check_duplicate_screens();
    if (!flow_.contents.is(json::Type::object)) return;
    for (const Task& task : tasks_.all()) check_task(task);
    check_ways();
    check_unused_screens();
  }

 private:
  struct ScreenUse {
    const flow::Screen* screen;
    bool is_shown = false;
  };

  void index_screen(const flow::Screen& screen);
  void check_start();
  void check_duplicate_screens();
  void check_task(const Task& task);
  void check_rules(const Task& task);
  void check_shown_screen(const Task& task);
  void check_else(const Task& task);
  void check_interactions(const Task& task);
  void check_screen_interactions(const Task& task);
  void check_condition_interactions(const Task& task);
  void check_subflow_interactions(const Task& task);
  void check_ways();
  void check_unused_screens();
  void check_unreachable(std::vector<bool>& reached);
  bool reach_from(std::string_view key, std::vector<bool>& reached) const;
  bool is_end(const Task& task) const;
  template <typename Offered>
  void check_rules_offered(const Task& task, const Offered& is_offered, const std::string& by_whom);

  const flow::Flow& flow_;
  const Tasks& tasks_;
  const Repository& repository_;
  Findings& findings_;
  std::unordered_map<std::string_view, ScreenUse> screens_;
  std::vector<std::pair<const flow::Screen*, const flow::Screen*>> duplicates_;
  Strings strings_;
};

void Graph::index_screen(const flow::Screen& screen) {
  if (screen.id.empty()) return;
  const auto [place, is_new] = screens_.try_emplace(screen.id, ScreenUse{&screen});
  if (!is_new) duplicates_.emplace_back(place->second.screen, &screen);
}

void Graph::check_start() {
  if (!flow_.contents.is(json::Type::object)) return;
  const json::Value start = tasks_.start_at();
  if (!start) {
    findings_.add("start-task", flow_.contents, "`contents` has no `startTask`",
                  "name the task that the flow begins with");
  } else if (start.is(json::Type::string) && tasks_.tasks_at().is(json::Type::object) &&
             !tasks_.find(strings_.text(start))) {
    findings_.add("start-task", start, "`startTask` " + in_ticks(strings_.text(start)) + " is no task of this flow",
                  "name a task that `tasks` has");
  }
}

void Graph::check_duplicate_screens() {
  for (const auto& [first, second] : duplicates_) {
    const flow::Field* id = flow::find(second->fields, "screenId");
    const json::Value other = flow::find(first->fields, "screenId")->at;
    findings_.add("duplicate-screen-id", id->at,
                  "another screen has the `screenId` " + in_ticks(second->id) + " as well, in " +
                      in_ticks(other.document().name()) + " line " + std::to_string(other.position().line),
                  "give one of the two an id of its own");
  }
}

void Graph::check_task(const Task& task) {
  if (task.id_at.is(json::Type::string) && strings_.text(task.id_at) != task.key) {
    findings_.add(
        "task-id", task.id_at,
        "this task's `id` is " + in_ticks(strings_.text(task.id_at)) + ", but its key is " + in_ticks(task.key),
        "make key and `id` the same");
  }
  check_rules(task);
  if (is_screen(task)) check_shown_screen(task);
  if (task.type == "condition") check_else(task);
  check_interactions(task);
}

void Graph::check_rules(const Task& task) {
  for (const TaskRule& rule : task.rules) {
    if (!rule.at.is(json::Type::object)) continue;  // its type is a finding of its own
    if (!rule.target_at) {
      findings_.add("rule-target", rule.at, "this rule of task " + in_ticks(task.key) + " names no task to go to",
                    "give it a `taskId`, or remove it");
    } else if (rule.target_at.is(json::Type::string) && !tasks_.find(rule.target)) {
      findings_.add(
          "rule-target", rule.target_at,
          "task " + in_ticks(task.key) + " leads to " + in_ticks(rule.target) + ", which is no task of this flow",
          "lead to a task that `tasks` has, or remove the rule");
    }
  }
  for (const Step& step : task.steps) {
    if (!contains(kTwoStepArguments, step.name) || tasks_.find(step.target)) continue;
    findings_.add("step-target", step.at,
                  "`" + std::string(step.name) + "` of task " + in_ticks(task.key) + " names " + in_ticks(step.target) +
                      ", which is no task of this flow",
                  "name the task that finishes this action, mostly " + in_ticks(std::string(task.key) + ".end"));
  }
}

void Graph::check_shown_screen(const Task& task) {
  if (!flow_.complete || task.html_template.is(json::Type::object)) return;
  if (screens_.count(task.screen_id) != 0) return;
  if (!task.screen_id_at) {
    findings_.add("screen-task", task.key_at, "task " + in_ticks(task.key) + " shows a screen, but names none",
                  "give it the `screenId` of one of the flow's screens");
  } else if (task.screen_id_at.is(json::Type::string)) {
    findings_.add("screen-task", task.screen_id_at,
                  "task " + in_ticks(task.key) + " shows the screen " + in_ticks(task.screen_id) +
                      ", which this flow does not have",
                  "add the screen, or name one that is there");
  }
}

void Graph::check_else(const Task& task) {
  for (const json::Value condition : task.conditions.items()) {
    const json::Value interaction = condition.find("interactionId");
    if (interaction && interaction.is_string("ELSE")) return;
  }
  findings_.add("missing-else", task.conditions ? task.conditions : task.key_at,
                "the condition " + in_ticks(task.key) + " has no `ELSE`", "say where to go when none of them holds");
}

template <typename Offered>
void Graph::check_rules_offered(const Task& task, const Offered& is_offered, const std::string& by_whom) {
  for (const TaskRule& rule : task.rules) {
    if (rule.interaction.empty() || is_offered(rule.interaction)) continue;
    findings_.add("rule-interaction", rule.interaction_at,
                  "task " + in_ticks(task.key) + " has a rule for the interaction " + in_ticks(rule.interaction) +
                      ", which " + by_whom + " not offer",
                  "name an interaction that it offers, or remove the rule");
  }
}

void Graph::check_interactions(const Task& task) {
  if (is_screen(task)) check_screen_interactions(task);
  if (task.type == "condition") check_condition_interactions(task);
  if (task.type == "flow") check_subflow_interactions(task);
}

void add_ids(json::Value list, std::string_view name, Strings& strings, Interactions& ids) {
  for (const json::Value item : list.items()) ids.insert(strings.text(item.find(name)));
}

void add_names(json::Value object, Strings& strings, Interactions& names) {
  for (const json::Member& member : object.members()) names.insert(strings.text(member.key));
}

void Graph::check_screen_interactions(const Task& task) {
  const auto screen = screens_.find(task.screen_id);
  if (!flow_.complete || (screen == screens_.end() && !task.html_template)) return;
  Interactions offered(std::begin(kScreenInteractions), std::end(kScreenInteractions));
  const std::size_t reserved = offered.size();
  add_ids(task.interactions, "id", strings_, offered);
  const flow::Field* contents = nullptr;
  if (screen != screens_.end()) {
    contents = flow::find(screen->second.screen->fields, "contents");
    const flow::Field* listed = flow::find(screen->second.screen->fields, "interactions");
    if (listed != nullptr) add_ids(listed->value, "id", strings_, offered);
  }
  // Where a screen lists none at all, which exports leave out, what can be pressed is among its nodes.
  if (offered.size() == reserved) {
    add_names(task.html_template, strings_, offered);
    if (contents != nullptr) add_names(contents->value, strings_, offered);
  }
  add_names(task.error_handling, strings_, offered);
  check_rules_offered(
      task, [&](std::string_view id) { return offered.count(id) != 0; }, "its screen does");
}

void Graph::check_condition_interactions(const Task& task) {
  Interactions offered = {"ELSE"};
  add_ids(task.conditions, "interactionId", strings_, offered);
  add_names(task.error_handling, strings_, offered);
  check_rules_offered(
      task, [&](std::string_view id) { return offered.count(id) != 0; }, "its conditions do");
}

void Graph::check_subflow_interactions(const Task& task) {
  const json::Value subflow = task.arguments.find("flowId").find("value");
  if (!subflow.is(json::Type::string)) return;
  const std::string id = subflow.string();
  const std::set<std::string>* shared = repository_.shared_interactions(id);
  if (shared == nullptr) return;
  Interactions handled;
  add_names(task.error_handling, strings_, handled);
  check_rules_offered(
      task,
      [&](std::string_view interaction) {
        return shared->count(std::string(interaction)) != 0 || handled.count(interaction) != 0;
      },
      "`sharedInteractions` of the flow " + in_ticks(id) + " does");
}

/// Nothing leads on from here, or an interaction of it is one that the flow's caller goes on with.
bool Graph::is_end(const Task& task) const {
  if (task.rules.empty() || task.action == "logged-in") return true;
  const flow::Field* shared = flow::find(flow_.metadata, "sharedInteractions");
  if (shared == nullptr) return false;
  for (const json::Value interaction : shared->value.items()) {
    const json::Value id = interaction.find("id");
    if (!id.is(json::Type::string)) continue;
    const std::string text = id.string();
    if (text.size() > task.key.size() && text.starts_with(task.key) && text[task.key.size()] == '.') return true;
  }
  return false;
}

/// Marks all that can be reached from the task of that key; true when an end is among it.
bool Graph::reach_from(std::string_view key, std::vector<bool>& reached) const {
  std::vector<std::size_t> open;
  const auto reach = [&](std::string_view target) {
    const auto index = tasks_.find(target);
    if (!index || reached[*index]) return;
    reached[*index] = true;
    open.push_back(*index);
  };
  bool ends = false;
  reach(key);
  while (!open.empty()) {
    const Task& task = tasks_.all()[open.back()];
    open.pop_back();
    ends = ends || is_end(task);
    for (const TaskRule& rule : task.rules) reach(rule.target);
    for (const Step& step : task.steps) reach(step.target);
    reach(std::string(task.key) + ".end");
  }
  return ends;
}

void Graph::check_ways() {
  const std::string_view start = strings_.text(tasks_.start_at());
  if (!tasks_.find(start)) return;
  std::vector<bool> reached(tasks_.all().size());
  if (!reach_from(start, reached)) {
    findings_.add("no-end", tasks_.start_at(), "no way leads from the start to an end of the flow",
                  "let a task that is reached end it, such as one with the action `logged-in`");
  }
  for (const Task& task : tasks_.all()) {
    if (is_entry_mark(task)) reach_from(task.key, reached);
  }
  check_unreachable(reached);
}

/// Reports a task that nothing leads to alone, without all that hangs on it, and of a circle the first one.
void Graph::check_unreachable(std::vector<bool>& reached) {
  std::unordered_set<std::string_view> led_to;
  for (const Task& task : tasks_.all()) {
    for (const TaskRule& rule : task.rules) {
      if (rule.target != task.key) led_to.insert(rule.target);
    }
    for (const Step& step : task.steps) {
      if (step.target != task.key) led_to.insert(step.target);
    }
  }
  const auto is_second_step = [&](const Task& task) {
    return task.key.ends_with(".end") && tasks_.find(task.key.substr(0, task.key.size() - 4));
  };
  for (const bool circles : {false, true}) {
    for (std::size_t index = 0; index < reached.size(); ++index) {
      const Task& task = tasks_.all()[index];
      if (reached[index] || !task.at.is(json::Type::object)) continue;
      if (!circles && (led_to.count(task.key) != 0 || is_second_step(task))) continue;
      findings_.add("unreachable-task", task.key_at, "nothing leads to the task " + in_ticks(task.key),
                    "lead to it, or remove it");
      reach_from(task.key, reached);
    }
  }
}

void Graph::check_unused_screens() {
  if (!flow_.complete) return;
  for (const Task& task : tasks_.all()) {
    const auto screen = screens_.find(task.screen_id);
    if (screen != screens_.end()) screen->second.is_shown = true;
  }
  for (const auto& [id, use] : screens_) {
    if (use.is_shown) continue;
    findings_.add("unused-screen", flow::find(use.screen->fields, "screenId")->at,
                  "no task shows the screen " + in_ticks(id), "show it in a task, or remove it");
  }
}

}  // namespace

void check_graph(const Subject& subject, Findings& findings) { Graph(subject, findings).check(); }

void check_subflows(const Subject& subject, Findings& findings) {
  const std::vector<flow::SubflowUse>& uses = subject.repository.uses(subject.flow);
  for (const flow::SubflowUse& use : uses) {
    if (use.flow_id.empty() || use.flow_id.find("{{") != std::string::npos) continue;
    if (subject.repository.has(use.flow_id)) continue;
    findings.add("missing-subflow", use.at,
                 "task " + in_ticks(use.task_id) + " runs the flow " + in_ticks(use.flow_id) +
                     ", which this repository does not have",
                 "correct the id, or add the flow, unless it lives on the service only");
  }
  const std::vector<std::string>* cycle = subject.repository.cycle(subject.flow);
  if (cycle == nullptr) return;
  const auto next = std::find_if(uses.begin(), uses.end(), [&](const flow::SubflowUse& use) {
    return std::find(cycle->begin(), cycle->end(), use.flow_id) != cycle->end();
  });
  if (next == uses.end()) return;
  std::string members;
  for (const std::string& id : *cycle) members += (members.empty() ? "" : ", ") + in_ticks(id);
  findings.add("subflow-cycle", next->at,
               cycle->size() == 1 ? "this flow runs itself as a subflow"
                                  : "these flows run each other as subflows in a circle: " + members,
               "break the circle");
}

}  // namespace flowship::check
