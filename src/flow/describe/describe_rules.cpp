#include "flow/describe/describe.hpp"

#include <algorithm>

// Phrases about the ways from task to task: `/contents/tasks/<id>/next/rules/<interaction>/…` and
// `/contents/tasks/<id>/conditions/<interaction>/…`.

namespace flowship::flow {

namespace {

constexpr std::size_t kTask = 2;

const std::string& task_of(const Edit& edit) { return edit.path[kTask]; }

Statement statement(const Edit& edit, Happening happening, Parts parts) {
  return {Topic::rules, happening, task_of(edit), std::move(parts), edit.pointer};
}

/// A value of a comparison: what it looks at, or what it compares with.
std::string operand(json::Value at) {
  const json::Value value = at.find("value");
  if (!value) return {};
  return value.is(json::Type::string) ? value.string() : std::string(value.text());
}

/// A condition as people read it: `riskInfo.riskScore greater than 50 and …`; empty for one without comparisons.
std::string condition_text(json::Value condition) {
  const json::Value any = condition.find("logicalOr");
  const bool is_or = any.is(json::Type::boolean) && any.boolean();
  std::string text;
  for (const json::Value atom : condition.find("atomicConditions").items()) {
    std::string comparison = text_of(atom.find("operator"));
    std::replace(comparison.begin(), comparison.end(), '-', ' ');
    const std::string right = operand(atom.find("predicate"));
    if (!text.empty()) text += is_or ? " or " : " and ";
    text += operand(atom.find("target")) + " " + comparison + (right.empty() ? "" : " " + right);
  }
  return text;
}

json::Value condition_of(const Names& names, const Edit& edit) {
  const json::Value task = names.task_value(task_of(edit));
  const json::Value conditions = task ? task.find("conditions") : json::Value();
  const auto items = conditions.items();
  const auto found = std::find_if(items.begin(), items.end(), [&](json::Value item) {
    const json::Value interaction = item.find("interactionId");
    return interaction && interaction.is_string(edit.path[kTask + 2]);
  });
  return found == items.end() ? json::Value() : *found;
}

Part called(json::Value condition) {
  const std::string called = text_of(condition.find("name"));
  return text(called.empty() ? text_of(condition.find("interactionId")) : called);
}

/// Whether `condition_text` shows that place.
bool is_in_text(const json::Pointer& path) {
  const json::Pointer rest(path.begin() + kTask + 3, path.end());
  if (rest == json::Pointer{"logicalOr"}) return true;
  if (rest.front() != "atomicConditions") return false;
  if (rest.size() <= 2) return true;
  const std::string& last = rest.back();
  return (rest.size() == 3 && last == "operator") ||
         (rest.size() == 4 && last == "value" && (rest[2] == "target" || rest[2] == "predicate"));
}

}  // namespace

bool tell_way(const Edit& edit, Telling& describe) {
  const Happening happening = happening_of(edit);
  if (happening == Happening::changed) return false;
  const json::Value rule = edit.after ? edit.after : edit.before;
  const std::string target = text_of(rule.find("taskId"));
  if (target.empty()) return false;
  const Names& names = edit.after ? describe.after() : describe.before();
  describe.say(statement(edit, happening,
                         sentence(describe.task(task_of(edit)), edit.after ? " now leads to " : " no longer leads to ",
                                  describe.task(target), on(names.interaction(task_of(edit), edit.path.back())))));
  return true;
}

bool tell_target(const Edit& edit, Telling& describe) {
  if (!edit.after.is(json::Type::string) || !edit.before.is(json::Type::string)) return false;
  const std::string interaction = describe.after().interaction(task_of(edit), edit.path[kTask + 3]);
  describe.say(statement(edit, Happening::changed,
                         sentence(describe.task(task_of(edit)), " now leads to ", describe.task(edit.after.string()),
                                  on(interaction), " (was ", describe.task(edit.before.string()), ")")));
  return true;
}

bool tell_condition(const Edit& edit, Telling& describe) {
  const Happening happening = happening_of(edit);
  if (happening == Happening::changed) return false;
  const json::Value condition = edit.after ? edit.after : edit.before;
  const std::string says = condition_text(condition);
  describe.say(statement(edit, happening,
                         sentence(describe.task(task_of(edit)), ": condition ", called(condition),
                                  says.empty() ? Parts() : sentence(" (", name(says), ")"), " ", to_text(happening))));
  return true;
}

bool tell_condition_name(const Edit& edit, Telling& describe) {
  if (!edit.after.is(json::Type::string) || !edit.before.is(json::Type::string)) return false;
  describe.say(statement(edit, Happening::changed,
                         sentence(describe.task(task_of(edit)), ": condition ", text(edit.before.string()),
                                  " is now called ", text(edit.after.string()))));
  return true;
}

bool tell_condition_inside(const Edit& edit, Telling& describe) {
  if (!is_in_text(edit.path)) return false;
  const json::Value old = condition_of(describe.before(), edit);
  const json::Value now = condition_of(describe.after(), edit);
  if (!old || !now) return false;
  const std::string before = condition_text(old);
  const std::string after = condition_text(now);
  if (before == after) return false;
  if (!describe.is_first("condition " + task_of(edit) + " " + edit.path[kTask + 2])) return true;
  const auto shown_text = [](const std::string& says, Part::Side side) {
    return says.empty() ? words("nothing") : Part{Part::Role::name, says, side};
  };
  describe.say(
      statement(edit, Happening::changed,
                sentence(describe.task(task_of(edit)), ": condition ", called(now), " is now ",
                         shown_text(after, Part::Side::after), " (was ", shown_text(before, Part::Side::before), ")")));
  return true;
}

bool tell_order_of_ways(const Edit& edit, Telling& describe) {
  if (edit.kind != Edit::Kind::order) return false;
  const bool is_rule = edit.path.back() == "rules";
  describe.say(statement(
      edit, Happening::moved,
      sentence(describe.task(task_of(edit)), ": the ", is_rule ? "rules" : "conditions", " stand in another order")));
  return true;
}

}  // namespace flowship::flow
