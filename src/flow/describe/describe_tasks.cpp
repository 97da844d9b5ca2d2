#include "flow/describe/describe.hpp"

// Phrases about tasks: `/contents/tasks/<id>/…`.

namespace flowship::flow {

namespace {

const std::string& task_of(const Edit& edit) { return edit.path[2]; }

Statement statement(const Edit& edit, Happening happening, Parts parts) {
  return {Topic::tasks, happening, task_of(edit), std::move(parts), edit.pointer};
}

bool are_both_strings(const Edit& edit) {
  return edit.before.is(json::Type::string) && edit.after.is(json::Type::string);
}

/// `(was …)`, or nothing where there was none.
Parts was(const Parts& before) { return before.empty() ? Parts() : sentence(" (was ", before, ")"); }

/// A path's tokens behind the first `from`, as people write it.
std::string rest_of(const json::Pointer& path, std::size_t from) {
  std::string rest;
  for (std::size_t index = from; index < path.size(); ++index) rest += (rest.empty() ? "" : "/") + path[index];
  return rest;
}

}  // namespace

bool tell_start(const Edit& edit, Telling& describe) {
  if (!edit.after.is(json::Type::string)) return false;
  const Parts before = edit.before.is(json::Type::string) ? describe.task(edit.before.string()) : Parts();
  if (edit.before && before.empty()) return false;
  const std::string start = edit.after.string();
  describe.say({Topic::rules, Happening::changed, start,
                sentence("the flow now starts at ", describe.task(start), was(before)), edit.pointer});
  return true;
}

bool tell_task(const Edit& edit, Telling& describe) {
  const Happening happening = happening_of(edit);
  if (happening == Happening::changed) return false;
  const Names& names = happening == Happening::added ? describe.after() : describe.before();
  const std::string kind = names.kind(task_of(edit));
  const Parts what = kind.empty() ? Parts() : sentence(": ", id(kind));
  describe.say(statement(edit, happening,
                         sentence("task ", describe.task_and_id(task_of(edit)), " ", to_text(happening), what)));
  return true;
}

bool tell_task_name(const Edit& edit, Telling& describe) {
  if (!are_both_strings(edit)) return false;
  describe.say(statement(edit, Happening::changed,
                         sentence("task ", name(edit.before.string()), " (", id(task_of(edit)), ") is now called ",
                                  name(edit.after.string()))));
  return true;
}

bool tell_task_screen(const Edit& edit, Telling& describe) {
  if (!edit.after.is(json::Type::string) || (edit.before && !edit.before.is(json::Type::string))) return false;
  const std::string now = edit.after.string();
  const std::string old = edit.before ? edit.before.string() : std::string();
  const std::string* now_called = describe.after().screen(now);
  const std::string* old_called = describe.before().screen(old);
  // Both are called after their task mostly, and then only the ids tell them apart.
  const bool is_named = now_called != nullptr && (old_called == nullptr || *now_called != *old_called);
  const Parts before = edit.before ? sentence(name(is_named && old_called != nullptr ? *old_called : old)) : Parts();
  describe.say(statement(edit, Happening::changed,
                         sentence(describe.task(task_of(edit)), " now shows the screen ",
                                  name(is_named ? *now_called : now), was(before))));
  return true;
}

bool tell_action(const Edit& edit, Telling& describe) {
  if (!are_both_strings(edit)) return false;
  describe.say(statement(edit, Happening::changed,
                         sentence(describe.task(task_of(edit)), " now does ", name(edit.after.string()), " (was ",
                                  name(edit.before.string()), ")")));
  return true;
}

bool tell_connector(const Edit& edit, Telling& describe) {
  if (!are_both_strings(edit)) return false;
  const auto connector = [](const Names& names, const std::string& connector_id) {
    const std::string* called = names.connector(connector_id);
    return called == nullptr ? sentence(name(connector_id)) : sentence(name(*called), " (", id(connector_id), ")");
  };
  describe.say(statement(edit, Happening::changed,
                         sentence(describe.task(task_of(edit)), " now uses the connector ",
                                  connector(describe.after(), edit.after.string()), " (was ",
                                  connector(describe.before(), edit.before.string()), ")")));
  return true;
}

bool tell_subflow(const Edit& edit, Telling& describe) {
  if (!are_both_strings(edit)) return false;
  describe.say(statement(edit, Happening::changed,
                         sentence(describe.task(task_of(edit)), " now runs the flow ", name(edit.after.string()),
                                  " (was ", name(edit.before.string()), ")")));
  return true;
}

bool tell_argument(const Edit& edit, Telling& describe) {
  describe.say(statement(edit, Happening::changed,
                         sentence(describe.task(task_of(edit)), ": argument ", name(edit.path[4]), became(edit))));
  return true;
}

bool tell_task_member(const Edit& edit, Telling& describe) {
  describe.say(statement(edit, Happening::changed,
                         sentence(describe.task(task_of(edit)), ": ", name(rest_of(edit.path, 3)), became(edit))));
  return true;
}

bool tell_place(const Edit& edit, Telling& describe) {
  if (!edit.before.is(json::Type::number) || !edit.after.is(json::Type::number)) return false;
  describe.moved(task_of(edit));
  return true;
}

}  // namespace flowship::flow
