#pragma once

#include "flow/model/flow.hpp"
#include "json/document.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flowship::check {

/// Decoded strings of a document: views into its text, or, for strings with escapes, into texts kept here.
class Strings {
 public:
  /// The decoded text of a string; empty for anything else.
  std::string_view text(json::Value value);

 private:
  std::deque<std::string> decoded_;
};

/// "On that interaction go to that task"; missing values are absent.
struct TaskRule {
  json::Value at;
  json::Value interaction_at;
  std::string_view interaction;
  json::Value target_at;
  std::string_view target;
};

/// A reference to a task in an argument or a setting (`exchangeStepId`, `finishStepId`, …).
struct Step {
  std::string_view name;
  json::Value at;
  std::string_view target;
};

struct Task {
  std::string_view key;
  json::Value key_at;
  json::Value at;
  /// What people call it; may be empty.
  std::string_view name;
  std::string_view type;
  json::Value id_at;
  json::Value screen_id_at;
  std::string_view screen_id;
  std::string_view action;
  json::Value arguments;
  json::Value conditions;
  json::Value next;
  json::Value rules_at;
  /// Errors that the task handles itself; their names are interactions too.
  json::Value error_handling;
  /// A newer screen task carries these itself.
  json::Value html_template;
  json::Value interactions;
  std::vector<TaskRule> rules;
  std::vector<Step> steps;
};

/// The tasks of a flow, in the order of the text, with lookup by key in constant time.
class Tasks {
 public:
  explicit Tasks(const flow::Flow& flow);

  const std::vector<Task>& all() const { return tasks_; }
  /// The index of the task of that key.
  std::optional<std::size_t> find(std::string_view key) const;
  /// `contents.startTask` and `contents.tasks`, which may be absent.
  json::Value start_at() const { return start_at_; }
  json::Value tasks_at() const { return tasks_at_; }

 private:
  Task read(const json::Member& member);
  void read_rules(Task& task);
  void read_steps(Task& task, json::Value value);

  Strings strings_;
  json::Value start_at_;
  json::Value tasks_at_;
  std::vector<Task> tasks_;
  std::unordered_map<std::string_view, std::size_t> by_key_;
};

}  // namespace flowship::check
