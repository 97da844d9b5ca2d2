#include "flow/merge/conflict_words.hpp"

#include "flow/merge/references.hpp"
#include "flow/model/flow.hpp"
#include "json/compare.hpp"

#include <vector>

namespace flowship::flow {

namespace {

using json::Pointer;
using json::Value;

std::string in_backticks(const std::string& text) { return "`" + message_text(text) + "`"; }

std::string_view noun_of(Role role) {
  switch (role) {
    case Role::task:
      return "task";
    case Role::screen:
    case Role::console_screen:
      return "screen";
    case Role::node:
      return "component";
    case Role::rule:
      return "rule";
    case Role::condition:
      return "condition";
    default:
      return {};
  }
}

/// Each task, screen, component, rule and condition on the way, then the member.
std::string subject_of_conflict(const Pointer& place, Value ours, Value theirs, Role role) {
  const Role root = role;
  std::string text;
  std::string rest;
  Pointer path;
  for (const std::string& token : place) {
    path.push_back(token);
    role = role_in(role, token);
    const std::string_view noun = noun_of(role);
    if (noun.empty()) {
      rest += (rest.empty() ? "" : ".") + token;
      continue;
    }
    rest.clear();
    text += (text.empty() ? "" : ", ") + std::string(noun);
    const Value our_name = role == Role::task ? at_path(ours, root, path).find("name") : Value();
    const Value named = our_name || role != Role::task ? our_name : at_path(theirs, root, path).find("name");
    if (const std::string name = string_of(named); !name.empty()) {
      text += " " + in_backticks(name) + " (" + message_text(token) + ")";
    } else if (!token.empty()) {
      text += " " + in_backticks(token);
    }
  }
  if (!rest.empty()) text += (text.empty() ? "" : ", ") + in_backticks(rest);
  return text.empty() ? "the flow" : text;
}

}  // namespace

std::string conflict_words(const Contested& conflict, Value ours, Value theirs, Role role) {
  const std::string what = subject_of_conflict(conflict.path, ours, theirs, role);
  if (conflict.is_order) return what + ": put into another order on both sides";
  if (!conflict.ours && !conflict.theirs) return what + ": removed on both sides";
  const bool is_new = !conflict.base;
  const auto did = [&](Value value) {
    if (!value) return is_new ? "does not have it" : "removed it";
    if (is_new) return "added it";
    return json::equal(value, conflict.base) ? "still has it" : "changed it";
  };
  if (conflict.ours && conflict.theirs) {
    if (json::equal(conflict.theirs, conflict.base)) return what + ": changed by ours";
    if (json::equal(conflict.ours, conflict.base)) return what + ": changed by theirs";
    return what + (is_new ? ": added differently on both sides" : ": changed differently on both sides");
  }
  return what + ": ours " + did(conflict.ours) + ", theirs " + did(conflict.theirs);
}

}  // namespace flowship::flow
