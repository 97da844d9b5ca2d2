// The rules about a flow's graph: start, rules, screens, reachability and subflows.

#include "check/rules/rule.hpp"
#include "flow/model/task_reference.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>

namespace flowship::check {

namespace {

using Interactions = std::unordered_set<std::string_view>;

/// More tasks than that are a note, or a warning: the console becomes slow, and nobody understands such a flow.
constexpr std::size_t kManyTasks = 100;
constexpr std::size_t kTooManyTasks = 200;

/// Interactions that every screen has without listing them.
constexpr std::string_view kScreenInteractions[] = {"polling", "resend", "success"};
using flow::kTwoStepArguments;

template <typename Range>
bool contains(const Range& range, std::string_view text) {
  return std::find(std::begin(range), std::end(range), text) != std::end(range);
}

/// The entry mark, which needs no incoming rule.
bool is_entry_mark(const Task& task) { return task.key == "start" && task.type.empty(); }

void add_ids(json::Value list, std::string_view name, Strings& strings, Interactions& ids) {
  for (const json::Value item : list.items()) ids.insert(strings.text(item.find(name)));
}

std::string named(const Task& task) { return name_in_ticks(task.name, task.key); }

void add_names(json::Value object, Strings& strings, Interactions& names) {
  for (const json::Member& member : object.members()) names.insert(strings.text(member.key));
}

class Graph {
 public:
  Graph(const RuleContext& context, Findings& findings)
      : flow_(context.flow), tasks_(context.tasks), repository_(context.repository), findings_(findings) {
    for (const flow::Screen& screen : flow_.screens) {
      if (screen.id.empty()) continue;
      const auto [place, is_new] = screens_.try_emplace(screen.id, ScreenUse{&screen});
      if (!is_new) duplicates_.emplace_back(place->second.screen, &screen);
    }
  }

  void check() {
    check_start();
    check_duplicate_screens();
    if (!flow_.contents.is(json::Type::object)) return;
    check_number_of_tasks();
    for (const Task& task : tasks_.all()) check_task(task);
    index_shared_tasks();
    check_paths();
    check_unused_screens();
  }

 private:
  struct ScreenUse {
    const flow::Screen* screen;
    bool is_shown = false;
    /// What it offers by its list, and by its nodes; filled when the first task shows it.
    std::optional<Interactions> listed = {};
    Interactions nodes = {};
  };

  void check_start() {
    if (!flow_.contents.is(json::Type::object)) return;
    const json::Value start = tasks_.start_at();
    if (!start) {
      findings_.add("start-task", flow_.contents, "`contents` has no `startTask`", "name the first task of the flow");
    } else if (start.is(json::Type::string) && tasks_.tasks_at().is(json::Type::object) &&
               !tasks_.find(strings_.text(start))) {
      findings_.add("start-task", start, "`startTask` " + in_ticks(strings_.text(start)) + " does not exist",
                    "name a task in `tasks`");
    }
  }

  void check_duplicate_screens() {
    for (const auto& [first, second] : duplicates_) {
      const flow::Field* id = flow::find(second->fields, "screenId");
      const json::Value other = flow::find(first->fields, "screenId")->at;
      findings_.add("duplicate-screen-id", id->at,
                    "duplicate `screenId` " + in_ticks(second->id) + ", already used in " +
                        in_ticks(other.document().name()) + " line " + std::to_string(other.position().line),
                    "give one of the two another id");
    }
  }

  void check_number_of_tasks() {
    const std::size_t count = tasks_.all().size();
    if (count <= kManyTasks) return;
    Finding& finding = findings_.add("too-many-tasks", tasks_.tasks_at(),
                                     "the flow has " + std::to_string(count) + " tasks, more than " +
                                         std::to_string(count > kTooManyTasks ? kTooManyTasks : kManyTasks),
                                     "move parts of it into subflows");
    if (count <= kTooManyTasks) finding.severity = Severity::note;
  }

  void check_task(const Task& task) {
    if (task.id_at.is(json::Type::string) && strings_.text(task.id_at) != task.key) {
      findings_.add(
          "task-id", task.id_at,
          "the task's `id` is " + in_ticks(strings_.text(task.id_at)) + ", but its key is " + in_ticks(task.key),
          "make key and `id` the same");
    }
    check_rules(task);
    if (task.type == "screen") {
      check_shown_screen(task);
      check_screen_interactions(task);
    } else if (task.type == "condition") {
      check_else(task);
      check_condition_interactions(task);
    } else if (task.type == "flow") {
      check_subflow_interactions(task);
    }
  }

  void check_rules(const Task& task) {
    for (const TaskRule& rule : task.rules) {
      if (!rule.at.is(json::Type::object)) continue;  // reported by `wrong-type`
      if (!rule.target_at) {
        findings_.add("rule-target", rule.at, "a rule of task " + named(task) + " has no target",
                      "give it a `taskId`, or remove it");
      } else if (rule.target_at.is(json::Type::string) && !tasks_.find(rule.target)) {
        findings_.add_for(std::string(rule.target), "rule-target", rule.target_at,
                          "task " + named(task) + " leads to " + in_ticks(rule.target) + ", which does not exist",
                          "name a task in `tasks`, or remove the rule", named(task));
      }
    }
    for (const Step& step : task.steps) {
      if (!contains(kTwoStepArguments, step.name) || tasks_.find(step.target)) continue;
      findings_.add_for(std::string(step.target), "step-target", step.at,
                        "`" + std::string(step.name) + "` of task " + named(task) + " names " + in_ticks(step.target) +
                            ", which does not exist",
                        "name the task that completes this action, usually " + in_ticks(std::string(task.key) + ".end"),
                        named(task));
    }
  }

  void check_shown_screen(const Task& task) {
    if (!flow_.complete || task.html_template.is(json::Type::object)) return;
    if (screens_.count(task.screen_id) != 0) return;
    if (!task.screen_id_at) {
      findings_.add("screen-task", task.key_at, "screen task " + named(task) + " has no `screenId`",
                    "give it the `screenId` of one of the flow's screens");
    } else if (task.screen_id_at.is(json::Type::string)) {
      findings_.add_for(
          std::string(task.screen_id), "screen-task", task.screen_id_at,
          "task " + named(task) + " shows the screen " + in_ticks(task.screen_id) + ", which does not exist",
          "add the screen, or name an existing one", named(task));
    }
  }

  void check_else(const Task& task) {
    for (const json::Value condition : task.conditions.items()) {
      if (condition.find("interactionId").is_string("ELSE")) return;
    }
    findings_.add("missing-else", task.conditions ? task.conditions : task.key_at,
                  "the condition " + named(task) + " has no `ELSE`", "add the branch to take if no condition is met");
  }

  /// What offers the interactions of a task's rules: a screen, a flow, or the task itself.
  struct Owner {
    std::string_view id;
    std::string name;
    bool is_flow = false;
  };

  template <typename Offered>
  void check_rules_offered(const Task& task, const Offered& is_offered, const Owner& owner) {
    for (const TaskRule& rule : task.rules) {
      if (rule.interaction.empty() || is_offered(rule.interaction)) continue;
      const std::string cause = std::string(owner.id) + '\0' + std::string(rule.interaction);
      Finding& finding = findings_.add_for(cause, "rule-interaction", rule.interaction_at,
                                           "a rule of task " + named(task) + " refers to the interaction " +
                                               in_ticks(rule.interaction) + ", which does not exist in " + owner.name,
                                           "name an existing interaction, or remove the rule", named(task));
      if (owner.is_flow) finding.cause = cause;
    }
  }

  void check_screen_interactions(const Task& task) {
    const auto screen = screens_.find(task.screen_id);
    if (!flow_.complete || (screen == screens_.end() && !task.html_template)) return;
    Interactions own(std::begin(kScreenInteractions), std::end(kScreenInteractions));
    const std::size_t reserved = own.size();
    add_ids(task.interactions, "id", strings_, own);
    ScreenUse none{nullptr};
    ScreenUse& use = screen == screens_.end() ? none : screen->second;
    read_interactions(use);
    // Exports may omit the list: then the buttons are among the nodes.
    const bool is_unlisted = own.size() == reserved && use.listed->empty();
    if (is_unlisted) add_names(task.html_template, strings_, own);
    add_names(task.error_handling, strings_, own);
    const auto is_offered = [&](std::string_view id) {
      return own.contains(id) || use.listed->contains(id) || (is_unlisted && use.nodes.contains(id));
    };
    check_rules_offered(task, is_offered,
                        {.id = screen == screens_.end() ? task.key : task.screen_id, .name = "its screen"});
  }

  void read_interactions(ScreenUse& use) {
    if (use.listed) return;
    use.listed.emplace();
    if (use.screen == nullptr) return;
    add_ids(flow::value_of(use.screen->fields, "interactions"), "id", strings_, *use.listed);
    for (const std::string_view id : kScreenInteractions) use.listed->erase(id);
    if (use.listed->empty()) add_names(flow::value_of(use.screen->fields, "contents"), strings_, use.nodes);
  }

  void check_condition_interactions(const Task& task) {
    Interactions offered = {"ELSE"};
    add_ids(task.conditions, "interactionId", strings_, offered);
    add_names(task.error_handling, strings_, offered);
    check_rules_offered(task, [&](std::string_view id) { return offered.count(id) != 0; },
                        {.id = task.key, .name = "its conditions"});
  }

  void check_subflow_interactions(const Task& task) {
    const json::Value subflow = task.arguments.find("flowId").find("value");
    if (!subflow.is(json::Type::string)) return;
    const std::string id = subflow.string();
    const std::set<std::string>* shared = repository_.shared_interactions(id);
    if (shared == nullptr) return;
    Interactions handled;
    add_names(task.error_handling, strings_, handled);
    check_rules_offered(task,
                        [&](std::string_view interaction) {
                          return shared->count(std::string(interaction)) != 0 || handled.count(interaction) != 0;
                        },
                        {.id = id, .name = "`sharedInteractions` of the flow " + in_ticks(id), .is_flow = true});
  }

  /// The flow ends here, or the flow that runs it as a subflow goes on: by a shared interaction `<task>.<name>`.
  bool is_end(const Task& task) const {
    return task.rules.empty() || task.action == "logged-in" || shared_tasks_.contains(task.key);
  }

  /// Every prefix before a dot, since a task's key may have dots itself.
  void index_shared_tasks() {
    for (const json::Value interaction : flow::value_of(flow_.metadata, "sharedInteractions").items()) {
      const std::string_view id = strings_.text(interaction.find("id"));
      for (std::size_t dot = id.find('.'); dot != std::string_view::npos; dot = id.find('.', dot + 1)) {
        shared_tasks_.insert(id.substr(0, dot));
      }
    }
  }

  /// Marks all tasks reachable from the task of that key; true if an end is among them.
  bool reach_from(std::string_view key, std::vector<bool>& reached) const {
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

  void check_paths() {
    const std::string_view start = strings_.text(tasks_.start_at());
    if (!tasks_.find(start)) return;
    std::vector<bool> reached(tasks_.all().size());
    if (!reach_from(start, reached)) {
      findings_.add("no-end", tasks_.start_at(), "no path from start to an end task",
                    "end it with a task such as one with the action `logged-in`");
    }
    for (const Task& task : tasks_.all()) {
      if (is_entry_mark(task)) reach_from(task.key, reached);
    }
    check_unreachable(reached);
  }

  /// Reports only the first task of an unreachable part, or any task of an unreachable cycle.
  void check_unreachable(std::vector<bool>& reached) {
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
    for (const bool cycles : {false, true}) {
      for (std::size_t index = 0; index < reached.size(); ++index) {
        const Task& task = tasks_.all()[index];
        if (reached[index] || !task.at.is(json::Type::object)) continue;
        if (!cycles && (led_to.count(task.key) != 0 || is_second_step(task))) continue;
        findings_.add("unreachable-task", task.key_at, "unreachable task " + named(task),
                      "add a rule that leads to it, or remove it");
        reach_from(task.key, reached);
      }
    }
  }

  void check_unused_screens() {
    if (!flow_.complete) return;
    for (const Task& task : tasks_.all()) {
      const auto screen = screens_.find(task.screen_id);
      if (screen != screens_.end()) screen->second.is_shown = true;
    }
    for (const auto& [id, use] : screens_) {
      if (use.is_shown) continue;
      findings_.add("unused-screen", flow::find(use.screen->fields, "screenId")->at,
                    "unused screen " + name_in_ticks(use.screen->file_name, id) + ": no task shows it",
                    "show it in a task, or remove it");
    }
  }

  const flow::Flow& flow_;
  const Tasks& tasks_;
  const Repository& repository_;
  Findings& findings_;
  std::unordered_map<std::string_view, ScreenUse> screens_;
  std::vector<std::pair<const flow::Screen*, const flow::Screen*>> duplicates_;
  std::unordered_set<std::string_view> shared_tasks_;
  Strings strings_;
};

}  // namespace

void check_graph(const RuleContext& context, Findings& findings) { Graph(context, findings).check(); }

void check_subflows(const RuleContext& context, Findings& findings) {
  const std::vector<flow::SubflowUse>& uses = context.repository.uses(context.flow);
  for (const flow::SubflowUse& use : uses) {
    if (use.flow_id.empty() || use.flow_id.find("{{") != std::string::npos) continue;
    if (context.repository.has(use.flow_id)) continue;
    const auto index = context.tasks.find(use.task_id);
    const std::string task = index ? named(context.tasks.all()[*index]) : in_ticks(use.task_id);
    Finding& finding = findings.add_for(
        use.flow_id, "missing-subflow", use.at,
        "task " + task + " runs the flow " + in_ticks(use.flow_id) + ", which does not exist in this repository",
        "fix the id, or add the flow, unless it exists only in the service", task);
    finding.cause = use.flow_id;
  }
  const std::vector<std::string>* cycle = context.repository.cycle(context.flow);
  if (cycle == nullptr) return;
  const auto next = std::find_if(uses.begin(), uses.end(), [&](const flow::SubflowUse& use) {
    return std::binary_search(cycle->begin(), cycle->end(), use.flow_id);
  });
  if (next == uses.end()) return;
  std::string members;
  for (const std::string& id : *cycle) members += (members.empty() ? "" : ", ") + in_ticks(id);
  findings.add("subflow-cycle", next->at,
               cycle->size() == 1 ? "this flow runs itself as a subflow"
                                  : "these flows run each other as subflows in a cycle: " + members,
               "break the cycle");
}

}  // namespace flowship::check
