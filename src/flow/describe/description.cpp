#include "flow/describe/description.hpp"

#include "flow/compare/path_pattern.hpp"
#include "flow/describe/sentences.hpp"

#include <algorithm>
#include <iterator>

namespace flowship::flow {

namespace {

/// Which edits a phrase is for, and the kind that its statement gets. An order is always `moved`.
enum class Applies {
  item,    ///< something was added or removed
  value,   ///< something was added, removed or changed
  member,  ///< any edit; what it belongs to counts as changed
  parent,  ///< any edit; what it belongs to counts as moved
};

/// A form of sentence, and the edits that it is for.
struct Phrase {
  std::string_view pattern;
  Topic topic;
  Applies applies;
  Describe describe;
};

// The first phrase that applies to an edit describes it, so special ones come before general ones. To add one: a row
// here, its function in the file of its topic, and its sentence in tests/flow/describe/description_test.cpp.
constexpr Phrase kPhrases[] = {
    {"/contents/startTask", Topic::rules, Applies::member, describe_start},
    {"/contents/tasks/*", Topic::tasks, Applies::item, describe_task},
    {"/contents/tasks/*/name", Topic::tasks, Applies::member, describe_task_name},
    {"/contents/tasks/*/view/x", Topic::tasks, Applies::member, describe_position},
    {"/contents/tasks/*/view/y", Topic::tasks, Applies::member, describe_position},
    {"/contents/tasks/*/screenId", Topic::tasks, Applies::member, describe_task_screen},
    {"/contents/tasks/*/action", Topic::tasks, Applies::member, describe_action},
    {"/contents/tasks/*/arguments/connectorId/value", Topic::tasks, Applies::member, describe_connector},
    {"/contents/tasks/*/arguments/flowId/value", Topic::tasks, Applies::member, describe_subflow},
    {"/contents/tasks/*/arguments/*", Topic::tasks, Applies::member, describe_argument},
    {"/contents/tasks/*/arguments/*/value", Topic::tasks, Applies::member, describe_argument},

    {"/contents/tasks/*/next/rules", Topic::rules, Applies::member, describe_rule_order},
    {"/contents/tasks/*/next/rules/*", Topic::rules, Applies::item, describe_rule},
    {"/contents/tasks/*/next/rules/*/taskId", Topic::rules, Applies::member, describe_rule_target},
    {"/contents/tasks/*/conditions", Topic::rules, Applies::member, describe_rule_order},
    {"/contents/tasks/*/conditions/*", Topic::rules, Applies::item, describe_condition},
    {"/contents/tasks/*/conditions/*/name", Topic::rules, Applies::member, describe_condition_name},
    {"/contents/tasks/*/conditions/*/**", Topic::rules, Applies::member, describe_condition_member},

    {"/contents/tasks/*/interactions/*", Topic::screens, Applies::item, describe_interaction},
    {"/contents/tasks/*/interactions/*/*", Topic::screens, Applies::member, describe_interaction_member},
    {"/contents/tasks/*/htmlTemplate/*", Topic::screens, Applies::item, describe_node},
    {"/contents/tasks/*/htmlTemplate/*/props/*", Topic::screens, Applies::member, describe_node_prop},
    {"/contents/tasks/*/htmlTemplate/*/nodes", Topic::screens, Applies::value, describe_children},
    {"/contents/tasks/*/htmlTemplate/*/nodes/*", Topic::screens, Applies::value, describe_children},
    {"/contents/tasks/*/htmlTemplate/*/parent", Topic::screens, Applies::parent, describe_node_parent},
    {"/contents/tasks/*/htmlTemplate/*/**", Topic::screens, Applies::member, describe_node_member},
    {"/contents/tasks/*/**", Topic::tasks, Applies::member, describe_task_member},

    {"/screens/*", Topic::screens, Applies::item, describe_screen},
    {"/screens/*/contents/*", Topic::screens, Applies::item, describe_node},
    {"/screens/*/contents/*/props/*", Topic::screens, Applies::member, describe_node_prop},
    {"/screens/*/contents/*/nodes", Topic::screens, Applies::value, describe_children},
    {"/screens/*/contents/*/nodes/*", Topic::screens, Applies::value, describe_children},
    {"/screens/*/contents/*/parent", Topic::screens, Applies::parent, describe_node_parent},
    {"/screens/*/contents/*/**", Topic::screens, Applies::member, describe_node_member},
    {"/screens/*/interactions/*", Topic::screens, Applies::item, describe_interaction},
    {"/screens/*/interactions/*/*", Topic::screens, Applies::member, describe_interaction_member},

    {"/metadata/disabled", Topic::metadata, Applies::member, describe_disabled},
    {"/metadata/sharedInteractions/*", Topic::metadata, Applies::item, describe_shared_interaction},
    {"/metadata/**", Topic::metadata, Applies::member, describe_metadata},

    {"/references/connectors/*", Topic::references, Applies::value, describe_connector_reference},
    {"/references/roles/*", Topic::references, Applies::value, describe_role_reference},
    {"/references/*/*", Topic::references, Applies::item, describe_reference},
};

Topic topic_of(const json::Pointer& path) {
  if (path.empty()) return Topic::others;
  if (path.front() == "contents") return Topic::tasks;
  if (path.front() == "screens") return Topic::screens;
  if (path.front() == "metadata") return Topic::metadata;
  return path.front() == "references" ? Topic::references : Topic::others;
}

/// The task or screen that an edit is about, or the name of the member.
std::string subject_of(const Edit& edit) {
  const json::Pointer& path = edit.path;
  if (path == json::Pointer{"contents", "startTask"}) return string_of(edit.after);
  if (path.size() > 2 && path[0] == "contents" && path[1] == "tasks") return path[2];
  return path.size() > 1 && path[0] != "contents" ? path[1] : "";
}

ChangeKind statement_kind(const Edit& edit, Applies applies) {
  if (edit.kind == Edit::Kind::order || applies == Applies::item || applies == Applies::value) return change_kind(edit);
  return applies == Applies::parent ? ChangeKind::moved : ChangeKind::changed;
}

/// By the first phrase that applies; else the pointer, before and after. Without fragments if another sentence covers
/// it.
Statement statement_of(const Edit& edit, DescriptionContext& context) {
  for (const Phrase& phrase : kPhrases) {
    if (!matches(phrase.pattern, edit.path)) continue;
    if (phrase.applies == Applies::item && change_kind(edit) == ChangeKind::changed) continue;
    if (Sentence sentence = phrase.describe(edit, context)) {
      return {phrase.topic, statement_kind(edit, phrase.applies), subject_of(edit), std::move(*sentence), edit.pointer};
    }
  }
  return {topic_of(edit.path), change_kind(edit), subject_of(edit), sentence(name(edit.pointer), became(edit)),
          edit.pointer};
}

Statement moved_statement(const DescriptionContext& context) {
  const std::string& first = *context.moved_tasks.begin();
  const std::size_t count = context.moved_tasks.size();
  return {Topic::tasks, ChangeKind::moved, count == 1 ? first : "",
          count == 1 ? sentence("task ", context.task(first), " moved on the canvas")
                     : sentence(std::to_string(count) + " tasks moved on the canvas"),
          "/contents/tasks"};
}

}  // namespace

std::string_view to_text(Topic topic) {
  constexpr std::string_view kTexts[] = {"tasks", "rules", "screens", "metadata", "references", "others"};
  return kTexts[static_cast<std::size_t>(topic)];
}

std::string_view to_text(ChangeKind kind) {
  constexpr std::string_view kTexts[] = {"added", "removed", "changed", "moved"};
  return kTexts[static_cast<std::size_t>(kind)];
}

Description describe(const Flow& before, const Flow& after) {
  DescriptionContext context(before, after);
  Description description;
  for (const Edit& edit : context.edits()) {
    Statement statement = statement_of(edit, context);
    if (!statement.fragments.empty()) description.push_back(std::move(statement));
  }
  if (!context.moved_tasks.empty()) description.push_back(moved_statement(context));
  std::stable_sort(description.begin(), description.end(),
                   [](const Statement& a, const Statement& b) { return a.topic < b.topic; });
  return description;
}

}  // namespace flowship::flow
