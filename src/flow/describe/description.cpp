#include "flow/describe/description.hpp"

#include "flow/compare/path_pattern.hpp"
#include "flow/describe/describe.hpp"

#include <algorithm>
#include <iterator>

namespace flowship::flow {

namespace {

// The first phrase that takes an edit tells it, so what is special stands before what is general. To add one: a row
// here, its function in the file of its topic, and its sentence in tests/flow/description_test.cpp.
constexpr Phrase kPhrases[] = {
    {"/contents/startTask", tell_start},
    {"/contents/tasks/*", tell_task},
    {"/contents/tasks/*/name", tell_task_name},
    {"/contents/tasks/*/view/x", tell_place},
    {"/contents/tasks/*/view/y", tell_place},
    {"/contents/tasks/*/screenId", tell_task_screen},
    {"/contents/tasks/*/action", tell_action},
    {"/contents/tasks/*/arguments/connectorId/value", tell_connector},
    {"/contents/tasks/*/arguments/flowId/value", tell_subflow},
    {"/contents/tasks/*/arguments/*", tell_argument},
    {"/contents/tasks/*/arguments/*/value", tell_argument},

    {"/contents/tasks/*/next/rules", tell_order_of_ways},
    {"/contents/tasks/*/next/rules/*", tell_way},
    {"/contents/tasks/*/next/rules/*/taskId", tell_target},
    {"/contents/tasks/*/conditions", tell_order_of_ways},
    {"/contents/tasks/*/conditions/*", tell_condition},
    {"/contents/tasks/*/conditions/*/name", tell_condition_name},
    {"/contents/tasks/*/conditions/*/**", tell_condition_inside},

    {"/contents/tasks/*/interactions/*", tell_interaction},
    {"/contents/tasks/*/interactions/*/*", tell_interaction_member},
    {"/contents/tasks/*/htmlTemplate/*", tell_node},
    {"/contents/tasks/*/htmlTemplate/*/props/*", tell_node_prop},
    {"/contents/tasks/*/htmlTemplate/*/nodes", tell_children},
    {"/contents/tasks/*/htmlTemplate/*/nodes/*", tell_children},
    {"/contents/tasks/*/htmlTemplate/*/**", tell_node_member},
    {"/contents/tasks/*/**", tell_task_member},

    {"/screens/*", tell_screen},
    {"/screens/*/contents/*", tell_node},
    {"/screens/*/contents/*/props/*", tell_node_prop},
    {"/screens/*/contents/*/nodes", tell_children},
    {"/screens/*/contents/*/nodes/*", tell_children},
    {"/screens/*/contents/*/**", tell_node_member},
    {"/screens/*/interactions/*", tell_interaction},
    {"/screens/*/interactions/*/*", tell_interaction_member},

    {"/metadata/disabled", tell_disabled},
    {"/metadata/sharedInteractions/*", tell_shared_interaction},
    {"/metadata/**", tell_metadata},

    {"/references/connectors/*", tell_reference_connector},
    {"/references/*/*", tell_reference},
};

Topic topic_of(const json::Pointer& path) {
  if (path.empty()) return Topic::others;
  if (path.front() == "contents") return Topic::tasks;
  if (path.front() == "screens") return Topic::screens;
  if (path.front() == "metadata") return Topic::metadata;
  return path.front() == "references" ? Topic::references : Topic::others;
}

/// What a phrase would be about, for an edit that has none.
std::string subject_of(const json::Pointer& path) {
  if (path.size() > 2 && path[0] == "contents" && path[1] == "tasks") return path[2];
  return path.size() > 1 && path[0] != "contents" ? path[1] : "";
}

/// What no phrase covers: the place, before and after.
Statement by_pointer(const Edit& edit) {
  return {topic_of(edit.path), happening_of(edit), subject_of(edit.path), sentence(name(edit.pointer), became(edit)),
          edit.pointer};
}

}  // namespace

std::string_view to_text(Topic topic) {
  switch (topic) {
    case Topic::tasks:
      return "tasks";
    case Topic::rules:
      return "rules";
    case Topic::screens:
      return "screens";
    case Topic::metadata:
      return "metadata";
    case Topic::references:
      return "references";
    case Topic::others:
      return "others";
  }
  return "others";
}

std::string_view to_text(Happening happening) {
  switch (happening) {
    case Happening::added:
      return "added";
    case Happening::removed:
      return "removed";
    case Happening::changed:
      return "changed";
    case Happening::moved:
      return "moved";
  }
  return "changed";
}

Description describe(const Flow& before, const Flow& after) {
  Telling describe(before, after);
  for (const Edit& edit : describe.edits()) {
    const bool is_told = std::any_of(std::begin(kPhrases), std::end(kPhrases), [&](const Phrase& phrase) {
      return matches(phrase.pattern, edit.path) && phrase.tell(edit, describe);
    });
    if (!is_told) describe.say(by_pointer(edit));
  }
  return describe.description();
}

}  // namespace flowship::flow
