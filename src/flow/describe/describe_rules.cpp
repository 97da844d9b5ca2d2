#include "flow/describe/secret_names.hpp"
#include "flow/describe/sentences.hpp"

#include <algorithm>

// Phrases about rules, which lead from task to task: `/contents/tasks/<id>/next/rules/<interaction>/…` and
// `/contents/tasks/<id>/conditions/<interaction>/…`.

namespace flowship::flow {

namespace {

constexpr std::size_t kTask = 2;

/// A value of a comparison: what it looks at, or what it compares with.
std::string operand(json::Value at) {
  const json::Value value = at.find("value");
  if (!value) return {};
  return value.is(json::Type::string) ? value.string() : std::string(value.text());
}

/// The same of what a secret is compared with; flags are shown.
std::string masked_operand(json::Value at) {
  const json::Value value = at.find("value");
  return !value || value.is(json::Type::boolean) ? operand(at) : std::string(kMasked);
}

/// A condition as people read it: `riskInfo.riskScore greater than 50 and …`; empty for one without comparisons.
std::string condition_text(json::Value condition) {
  const json::Value any = condition.find("logicalOr");
  const bool is_or = any.is(json::Type::boolean) && any.boolean();
  std::string text;
  for (const json::Value atom : condition.find("atomicConditions").items()) {
    std::string comparison = string_of(atom.find("operator"));
    std::replace(comparison.begin(), comparison.end(), '-', ' ');
    const std::string left = operand(atom.find("target"));
    const bool is_secret = names_secret(left.substr(left.rfind('.') + 1));
    const std::string right = is_secret ? masked_operand(atom.find("predicate")) : operand(atom.find("predicate"));
    if (!text.empty()) text += is_or ? " or " : " and ";
    text += left + " " + comparison + (right.empty() ? "" : " " + right);
  }
  return text;
}

Fragment condition_name(json::Value condition) {
  const std::string given = string_of(condition.find("name"));
  return text(given.empty() ? string_of(condition.find("interactionId")) : given);
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

/// ` on "Continue"`; empty without a label.
Fragments on(const std::string& label) { return label.empty() ? Fragments() : sentence(" on ", text(label)); }

}  // namespace

Sentence describe_rule(const Edit& edit, DescriptionContext& context) {
  const std::string target = string_of((edit.after ? edit.after : edit.before).find("taskId"));
  if (target.empty()) return std::nullopt;
  const Names& names = edit.after ? context.after() : context.before();
  return sentence(context.task(edit.path[kTask]), edit.after ? " now leads to " : " no longer leads to ",
                  context.task(target), on(names.interaction(edit.path[kTask], edit.path.back())));
}

Sentence describe_rule_target(const Edit& edit, DescriptionContext& context) {
  if (!edit.after.is(json::Type::string) || !edit.before.is(json::Type::string)) return std::nullopt;
  const std::string label = context.after().interaction(edit.path[kTask], edit.path[kTask + 3]);
  return sentence(context.task(edit.path[kTask]), " now leads to ", context.task(edit.after.string()), on(label),
                  " (was ", context.task(edit.before.string()), ")");
}

Sentence describe_condition(const Edit& edit, DescriptionContext& context) {
  const json::Value condition = edit.after ? edit.after : edit.before;
  const std::string says = condition_text(condition);
  return sentence(context.task(edit.path[kTask]), ": condition ", condition_name(condition),
                  says.empty() ? Fragments() : sentence(" (", name(says), ")"), " ", to_text(change_kind(edit)));
}

Sentence describe_condition_name(const Edit& edit, DescriptionContext& context) {
  if (!edit.after.is(json::Type::string) || !edit.before.is(json::Type::string)) return std::nullopt;
  return sentence(context.task(edit.path[kTask]), ": condition ", text(edit.before.string()), " is now called ",
                  text(edit.after.string()));
}

Sentence describe_condition_member(const Edit& edit, DescriptionContext& context) {
  if (!is_in_text(edit.path)) return std::nullopt;
  const std::string condition = "condition " + edit.path[kTask] + " " + edit.path[kTask + 2];
  if (context.is_described(condition)) return Fragments();
  const json::Value old = context.before().condition(edit.path[kTask], edit.path[kTask + 2]);
  const json::Value now = context.after().condition(edit.path[kTask], edit.path[kTask + 2]);
  if (!old || !now) return std::nullopt;
  const std::string before = condition_text(old);
  const std::string after = condition_text(now);
  if (before == after) return std::nullopt;
  context.set_described(condition);
  const auto shown_text = [](const std::string& says, Fragment::Side side) {
    return says.empty() ? words("nothing") : Fragment{Fragment::Role::name, says, side};
  };
  return sentence(context.task(edit.path[kTask]), ": condition ", condition_name(now), " is now ",
                  shown_text(after, Fragment::Side::after), " (was ", shown_text(before, Fragment::Side::before), ")");
}

Sentence describe_rule_order(const Edit& edit, DescriptionContext& context) {
  if (edit.kind != Edit::Kind::order) return std::nullopt;
  const bool is_rule = edit.path.back() == "rules";
  return sentence(context.task(edit.path[kTask]), ": ", is_rule ? "rules" : "conditions", " reordered");
}

}  // namespace flowship::flow
