#include "flow/describe/describe.hpp"

// Phrases about `/metadata/…` and `/references/…`.

namespace flowship::flow {

namespace {

Statement statement(const Edit& edit, Happening happening, Parts parts) {
  const Topic topic = edit.path.front() == "metadata" ? Topic::metadata : Topic::references;
  return {topic, happening, edit.path[1], std::move(parts), edit.pointer};
}

/// `role` for `roles`: what one element of a list of references is.
std::string kind_of_reference(const std::string& list) {
  if (list == "oauth") return "OAuth provider";
  if (list == "userAttributes") return "user attribute";
  if (list == "tenantAttributes") return "tenant attribute";
  return list.size() > 1 && list.back() == 's' ? list.substr(0, list.size() - 1) : list;
}

}  // namespace

bool tell_disabled(const Edit& edit, Telling& describe) {
  const auto is_true = [](json::Value value) { return value.is(json::Type::boolean) && value.boolean(); };
  const auto is_flag = [](json::Value value) { return !value || value.is(json::Type::boolean); };
  if (!is_flag(edit.before) || !is_flag(edit.after) || is_true(edit.before) == is_true(edit.after)) return false;
  describe.say(statement(edit, Happening::changed,
                         sentence(is_true(edit.after) ? "the flow is now disabled" : "the flow is now enabled")));
  return true;
}

bool tell_shared_interaction(const Edit& edit, Telling& describe) {
  const Happening happening = happening_of(edit);
  if (happening == Happening::changed) return false;
  const json::Value shared = edit.after ? edit.after : edit.before;
  const std::string label = text_of(shared.find("label"));
  describe.say(statement(
      edit, happening,
      sentence("shared interaction ", text(label.empty() ? edit.path.back() : label), " ", to_text(happening))));
  return true;
}

bool tell_metadata(const Edit& edit, Telling& describe) {
  std::string member;
  for (std::size_t index = 1; index < edit.path.size(); ++index) {
    member += (index == 1 ? "" : "/") + edit.path[index];
  }
  describe.say(statement(edit, Happening::changed, sentence("metadata ", name(member), became(edit))));
  return true;
}

bool tell_reference_connector(const Edit& edit, Telling& describe) {
  describe.say(
      statement(edit, happening_of(edit), sentence("reference to connector ", name(edit.path.back()), became(edit))));
  return true;
}

bool tell_reference(const Edit& edit, Telling& describe) {
  const Happening happening = happening_of(edit);
  const json::Value one = edit.after ? edit.after : edit.before;
  if (happening == Happening::changed || !one.is_string(edit.path.back())) return false;
  describe.say(statement(edit, happening,
                         sentence("reference to ", id(kind_of_reference(edit.path[1])), " ", name(edit.path.back()),
                                  " ", to_text(happening))));
  return true;
}

}  // namespace flowship::flow
