#include "check/engine/tasks.hpp"

#include "flow/model/task_reference.hpp"

namespace flowship::check {

namespace {

/// An argument's value if it is inline or just a string; absent if it is taken from the context.
json::Value inline_value(json::Value argument) {
  if (argument.is(json::Type::string)) return argument;
  const json::Value type = argument.find("type");
  return type && !type.is_string("inline") ? json::Value() : argument.find("value");
}

}  // namespace

std::string_view Strings::text(json::Value value) {
  if (!value.is(json::Type::string)) return {};
  if (const std::optional<std::string_view> plain = value.plain()) return *plain;
  return decoded_.emplace_back(value.string());
}

Tasks::Tasks(const flow::Flow& flow) {
  start_at_ = flow.contents.find("startTask");
  tasks_at_ = flow.contents.find("tasks");
  if (!tasks_at_.is(json::Type::object)) return;
  tasks_.reserve(tasks_at_.size());
  for (const json::Member& member : tasks_at_.members()) {
    by_key_.emplace(strings_.text(member.key), tasks_.size());
    tasks_.push_back(read(member));
  }
}

std::optional<std::size_t> Tasks::find(std::string_view key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? std::nullopt : std::optional(found->second);
}

Task Tasks::read(const json::Member& member) {
  Task task;
  task.key_at = member.key;
  task.key = strings_.text(member.key);
  task.at = member.value;
  for (const json::Member& part : member.value.members()) {
    const std::string_view name = strings_.text(part.key);
    if (name == "name") task.name = strings_.text(part.value);
    if (name == "type") task.type = strings_.text(part.value);
    if (name == "id") task.id_at = part.value;
    if (name == "action") task.action = strings_.text(part.value);
    if (name == "arguments") task.arguments = part.value;
    if (name == "conditions") task.conditions = part.value;
    if (name == "next") task.next = part.value;
    if (name == "errorHandlingV2") task.error_handling = part.value;
    if (name == "htmlTemplate") task.html_template = part.value;
    if (name == "interactions") task.interactions = part.value;
    if (name == "screenId") {
      task.screen_id_at = part.value;
      task.screen_id = strings_.text(part.value);
    }
    if (name == "errorHandling" || name == "errorHandlingV2" || name == "conditions") read_steps(task, part.value);
  }
  read_rules(task);
  for (const json::Member& argument : task.arguments.members()) {
    const std::string_view name = strings_.text(argument.key);
    if (!flow::names_a_task(name)) continue;
    const json::Value value = inline_value(argument.value);
    const std::string_view target = strings_.text(value);
    if (!target.empty()) task.steps.push_back({name, value, target});
  }
  return task;
}

void Tasks::read_rules(Task& task) {
  task.rules_at = task.next.find("rules");
  for (const json::Value rule : task.rules_at.items()) {
    TaskRule read;
    read.at = rule;
    for (const json::Member& part : rule.members()) {
      const std::string_view name = strings_.text(part.key);
      if (name == "interactionId") {
        read.interaction_at = part.value;
        read.interaction = strings_.text(part.value);
      } else if (name == "taskId") {
        read.target_at = part.value;
        read.target = strings_.text(part.value);
      }
    }
    task.rules.push_back(read);
  }
}

/// References to tasks in error handling and conditions. Recursion is limited by `json::Document::kMaxDepth`.
void Tasks::read_steps(Task& task, json::Value value) {
  for (const json::Value item : value.items()) read_steps(task, item);
  for (const json::Member& member : value.members()) {
    const std::string_view name = strings_.text(member.key);
    const std::string_view target = flow::names_a_task(name) ? strings_.text(member.value) : std::string_view();
    if (!target.empty()) {
      task.steps.push_back({name, member.value, target});
    } else {
      read_steps(task, member.value);
    }
  }
}

}  // namespace flowship::check
