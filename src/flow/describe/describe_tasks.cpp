#include "flow/describe/sentences.hpp"

// Phrases about tasks: `/contents/tasks/<id>/…`.

namespace flowship::flow {

namespace {

bool are_both_strings(const Edit& edit) {
  return edit.before.is(json::Type::string) && edit.after.is(json::Type::string);
}

/// ` (was …)`; empty if there was nothing before.
Fragments was(const Fragments& before) { return before.empty() ? Fragments() : sentence(" (was ", before, ")"); }

}  // namespace

Sentence describe_start(const Edit& edit, DescriptionContext& context) {
  if (!edit.after.is(json::Type::string) || (edit.before && !edit.before.is(json::Type::string))) return std::nullopt;
  return sentence("the flow now starts at ", context.task(edit.after.string()),
                  was(edit.before ? context.task(edit.before.string()) : Fragments()));
}

Sentence describe_task(const Edit& edit, DescriptionContext& context) {
  const std::string& task = edit.path[2];
  const std::string kind = (edit.after ? context.after() : context.before()).kind(task);
  return sentence("task ", context.task_and_id(task), " ", to_text(change_kind(edit)),
                  kind.empty() ? Fragments() : sentence(": ", id(kind)));
}

Sentence describe_task_name(const Edit& edit, DescriptionContext&) {
  if (!are_both_strings(edit)) return std::nullopt;
  return sentence("task ", name(edit.before.string()), " (", id(edit.path[2]), ") is now called ",
                  name(edit.after.string()));
}

Sentence describe_task_screen(const Edit& edit, DescriptionContext& context) {
  if (!edit.after.is(json::Type::string) || (edit.before && !edit.before.is(json::Type::string))) return std::nullopt;
  const std::string now = edit.after.string();
  const std::string old = string_of(edit.before);
  const std::string* now_name = context.after().screen(now);
  const std::string* old_name = context.before().screen(old);
  // Both are usually named after their task, and then only the ids differ.
  const bool is_named = now_name != nullptr && (old_name == nullptr || *now_name != *old_name);
  const Fragments before =
      edit.before ? sentence(name(is_named && old_name != nullptr ? *old_name : old)) : Fragments();
  return sentence(context.task(edit.path[2]), " now shows the screen ", name(is_named ? *now_name : now), was(before));
}

Sentence describe_action(const Edit& edit, DescriptionContext& context) {
  if (!are_both_strings(edit)) return std::nullopt;
  return sentence(context.task(edit.path[2]), " now does ", name(edit.after.string()), " (was ",
                  name(edit.before.string()), ")");
}

Sentence describe_connector(const Edit& edit, DescriptionContext& context) {
  if (!are_both_strings(edit)) return std::nullopt;
  const auto connector = [](const Names& names, const std::string& connector_id) {
    const std::string* connector_name = names.connector(connector_id);
    return connector_name == nullptr ? sentence(name(connector_id))
                                     : sentence(name(*connector_name), " (", id(connector_id), ")");
  };
  return sentence(context.task(edit.path[2]), " now uses the connector ",
                  connector(context.after(), edit.after.string()), " (was ",
                  connector(context.before(), edit.before.string()), ")");
}

Sentence describe_subflow(const Edit& edit, DescriptionContext& context) {
  if (!are_both_strings(edit)) return std::nullopt;
  return sentence(context.task(edit.path[2]), " now runs the flow ", name(edit.after.string()), " (was ",
                  name(edit.before.string()), ")");
}

Sentence describe_argument(const Edit& edit, DescriptionContext& context) {
  return sentence(context.task(edit.path[2]), ": argument ", name(edit.path[4]), became(edit));
}

Sentence describe_task_member(const Edit& edit, DescriptionContext& context) {
  return sentence(context.task(edit.path[2]), ": ", name(path_text(edit.path, 3)), became(edit));
}

/// All tasks that moved are one sentence, at the end.
Sentence describe_position(const Edit& edit, DescriptionContext& context) {
  if (!edit.before.is(json::Type::number) || !edit.after.is(json::Type::number)) return std::nullopt;
  context.moved_tasks.insert(edit.path[2]);
  return Fragments();
}

}  // namespace flowship::flow
