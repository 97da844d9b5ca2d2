#include "flow/describe/describe.hpp"
#include "flow/describe/screen_texts.hpp"

// Phrases about screens: `/screens/<id>/contents/<node>/…` and `/screens/<id>/interactions/<id>/…`; and about tasks
// that carry a screen themselves: `/contents/tasks/<id>/htmlTemplate/<node>/…`, `/contents/tasks/<id>/interactions/…`.

namespace flowship::flow {

namespace {

/// The screen that an edit is in, and how much of the edit's path leads to its nodes or interactions.
struct Place {
  std::string subject;
  std::size_t length;
  bool is_task;
};

Place place_of(const Edit& edit) {
  return edit.path.front() == "screens" ? Place{edit.path[1], 3, false} : Place{edit.path[2], 4, true};
}

Statement statement(const Edit& edit, Happening happening, Parts parts) {
  return {Topic::screens, happening, place_of(edit).subject, std::move(parts), edit.pointer};
}

/// `screen `welcome`: `.
Parts head(const Edit& edit, const Telling& describe) {
  const Place place = place_of(edit);
  return place.is_task ? sentence("screen of ", describe.task(place.subject), ": ")
                       : sentence("screen ", describe.screen(place.subject), ": ");
}

json::Value nodes_of(const Names& names, const Place& place) {
  if (!place.is_task) return names.nodes(place.subject);
  const json::Value task = names.task_value(place.subject);
  return task ? task.find("htmlTemplate") : json::Value();
}

/// `button "Continue"`, or with its id where it has no text.
Parts node_words(json::Value node, const std::string& node_id) {
  const std::string kind = node_kind(node);
  const std::string says = node_text(node);
  return says.empty() ? sentence(id(kind), " ", name(node_id)) : sentence(id(kind), " ", text(says));
}

/// A node as it is now, else as it was; absent where neither flow has it.
json::Value node_of(const Edit& edit, const Telling& describe, const std::string& node_id) {
  const Place place = place_of(edit);
  for (const Names* names : {&describe.after(), &describe.before()}) {
    const json::Value nodes = nodes_of(*names, place);
    const json::Value node = nodes ? nodes.find(node_id) : json::Value();
    if (node) return node;
  }
  return {};
}

Parts node_words(const Edit& edit, const Telling& describe, const std::string& node_id) {
  const json::Value node = node_of(edit, describe, node_id);
  return node ? node_words(node, node_id) : sentence("element ", name(node_id));
}

json::Pointer at_node(const Edit& edit, const std::string& node_id) {
  json::Pointer path(edit.path.begin(), edit.path.begin() + static_cast<std::ptrdiff_t>(place_of(edit).length));
  path.push_back(node_id);
  return path;
}

/// Whether `child` says that the node of the edit is its parent, in the flow that lists it as its child.
bool is_child_of(const Edit& edit, const Telling& describe, const std::string& child) {
  const Place place = place_of(edit);
  const json::Value nodes = nodes_of(edit.after ? describe.after() : describe.before(), place);
  const json::Value node = nodes ? nodes.find(child) : json::Value();
  const json::Value parent = node ? node.find("parent") : json::Value();
  return parent && parent.is_string(edit.path[place.length]);
}

/// How a prop that users read is called.
std::string_view word_of(std::string_view prop) {
  if (prop == "children") return "text";
  if (prop == "label" || prop == "placeholder") return prop;
  return {};
}

std::string rest_of(const json::Pointer& path, std::size_t from) {
  std::string rest;
  for (std::size_t index = from; index < path.size(); ++index) rest += (rest.empty() ? "" : "/") + path[index];
  return rest;
}

}  // namespace

bool tell_screen(const Edit& edit, Telling& describe) {
  const Happening happening = happening_of(edit);
  if (happening == Happening::changed) return false;
  describe.say(statement(edit, happening, sentence("screen ", describe.screen(edit.path[1]), " ", to_text(happening))));
  return true;
}

bool tell_node(const Edit& edit, Telling& describe) {
  const Happening happening = happening_of(edit);
  if (happening == Happening::changed) return false;
  const json::Value node = edit.after ? edit.after : edit.before;
  describe.say(statement(edit, happening,
                         sentence(head(edit, describe), node_words(node, edit.path.back()), " ", to_text(happening))));
  return true;
}

bool tell_node_prop(const Edit& edit, Telling& describe) {
  const std::string& node_id = edit.path[place_of(edit).length];
  const std::string_view word = word_of(edit.path.back());
  const bool is_text = !word.empty() && (!edit.before || edit.before.is(json::Type::string)) &&
                       (!edit.after || edit.after.is(json::Type::string));
  if (!is_text) {
    describe.say(statement(edit, Happening::changed,
                           sentence(head(edit, describe), name(edit.path.back()), " of ",
                                    node_words(edit, describe, node_id), became(edit))));
    return true;
  }
  if (edit.before && edit.after) {
    const json::Value node = node_of(edit, describe, node_id);
    const Parts whose = word == "text" ? Parts() : sentence(" of ", id(node_kind(node)));
    describe.say(statement(edit, Happening::changed,
                           sentence(head(edit, describe), word, whose, " ", shown(edit.before, Part::Side::before),
                                    " is now ", shown(edit.after, Part::Side::after))));
    return true;
  }
  const Parts whose =
      word == "text" ? Parts() : sentence(edit.after ? " to " : " from ", node_words(edit, describe, node_id));
  describe.say(statement(edit, Happening::changed,
                         sentence(head(edit, describe), word, " ", shown(edit.after ? edit.after : edit.before),
                                  edit.after ? " added" : " removed", whose)));
  return true;
}

bool tell_node_member(const Edit& edit, Telling& describe) {
  const std::size_t length = place_of(edit).length;
  const std::string& node_id = edit.path[length];
  const std::string member = rest_of(edit.path, length + 1);
  const Parts node = node_words(edit, describe, node_id);
  const auto is_flag = [](json::Value value) { return value.is(json::Type::boolean); };
  if (member == "hidden" && is_flag(edit.before) && is_flag(edit.after)) {
    describe.say(
        statement(edit, Happening::changed,
                  sentence(head(edit, describe), node, edit.after.boolean() ? " is now hidden" : " is now shown")));
  } else if (member == "parent" && edit.before.is(json::Type::string) && edit.after.is(json::Type::string)) {
    describe.say(
        statement(edit, Happening::moved,
                  sentence(head(edit, describe), node, " moved into ", node_words(edit, describe, edit.after.string()),
                           " (was in ", node_words(edit, describe, edit.before.string()), ")")));
  } else {
    describe.say(
        statement(edit, Happening::changed, sentence(head(edit, describe), name(member), " of ", node, became(edit))));
  }
  return true;
}

bool tell_children(const Edit& edit, Telling& describe) {
  const std::size_t length = place_of(edit).length;
  const Parts parent = node_words(edit, describe, edit.path[length]);
  if (edit.kind == Edit::Kind::order) {
    describe.say(statement(edit, Happening::moved,
                           sentence(head(edit, describe), "the elements of ", parent, " stand in another order")));
    return true;
  }
  if (edit.path.size() != length + 3) return false;
  const std::string& child = edit.path.back();
  // A child that is new, gone or moved has a sentence of its own, which says as much.
  const json::Pointer child_path = at_node(edit, child);
  json::Pointer parent_path = child_path;
  parent_path.emplace_back("parent");
  if ((describe.has(child_path) || describe.has(parent_path)) && is_child_of(edit, describe, child)) return true;
  describe.say(statement(edit, happening_of(edit),
                         sentence(head(edit, describe), node_words(edit, describe, child),
                                  edit.after ? " now stands in " : " no longer stands in ", parent)));
  return true;
}

bool tell_interaction(const Edit& edit, Telling& describe) {
  const Happening happening = happening_of(edit);
  if (happening == Happening::changed) return false;
  const json::Value interaction = edit.after ? edit.after : edit.before;
  const std::string label = text_of(interaction.find("label"));
  describe.say(statement(edit, happening,
                         sentence(head(edit, describe), "interaction ", text(label.empty() ? edit.path.back() : label),
                                  " ", to_text(happening))));
  return true;
}

bool tell_interaction_member(const Edit& edit, Telling& describe) {
  const std::size_t length = place_of(edit).length;
  describe.say(statement(edit, Happening::changed,
                         sentence(head(edit, describe), name(edit.path[length + 1]), " of interaction ",
                                  name(edit.path[length]), became(edit))));
  return true;
}

}  // namespace flowship::flow
