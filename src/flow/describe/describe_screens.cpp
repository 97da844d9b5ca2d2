#include "flow/describe/screen_texts.hpp"
#include "flow/describe/sentences.hpp"

// Phrases about screens: `/screens/<id>/contents/<node>/…` and `/screens/<id>/interactions/<id>/…`; and about tasks
// that carry a screen themselves: `/contents/tasks/<id>/htmlTemplate/<node>/…`, `/contents/tasks/<id>/interactions/…`.

namespace flowship::flow {

namespace {

/// The screen or task that an edit is in, and how many tokens lead to its nodes or interactions.
struct Place {
  std::string subject;
  std::size_t length;
  bool is_task;
};

Place place_of(const Edit& edit) {
  return edit.path.front() == "screens" ? Place{edit.path[1], 3, false} : Place{edit.path[2], 4, true};
}

/// `screen `welcome`: `.
Fragments head(const Edit& edit, const DescriptionContext& context) {
  const Place place = place_of(edit);
  return place.is_task ? sentence("screen of ", context.task(place.subject), ": ")
                       : sentence("screen ", context.screen(place.subject), ": ");
}

json::Value nodes_of(const Names& names, const Place& place) {
  return place.is_task ? names.task_value(place.subject).find("htmlTemplate") : names.nodes(place.subject);
}

/// `button "Continue"`, or with its id if it has no text.
Fragments node_words(json::Value node, const std::string& node_id) {
  const std::string node_label = node_text(node);
  return sentence(id(node_kind(node)), " ", node_label.empty() ? name(node_id) : text(node_label));
}

/// The current node, else the old one; absent if neither flow has it.
json::Value node_of(const Edit& edit, const DescriptionContext& context, const std::string& node_id) {
  const Place place = place_of(edit);
  const json::Value node = nodes_of(context.after(), place).find(node_id);
  return node ? node : nodes_of(context.before(), place).find(node_id);
}

Fragments node_words(const Edit& edit, const DescriptionContext& context, const std::string& node_id) {
  return node_words(node_of(edit, context, node_id), node_id);
}

/// Whether `child` says that the node of the edit is its parent, in the flow that lists it as its child.
bool is_child_of(const Edit& edit, const DescriptionContext& context, const std::string& child) {
  const Place place = place_of(edit);
  const json::Value nodes = nodes_of(edit.after ? context.after() : context.before(), place);
  return nodes.find(child).find("parent").is_string(edit.path[place.length]);
}

/// What a prop that users read is called; empty for others.
std::string_view word_of(std::string_view prop) {
  if (prop == "children") return "text";
  if (prop == "label" || prop == "placeholder") return prop;
  return {};
}

}  // namespace

Sentence describe_screen(const Edit& edit, DescriptionContext& context) {
  return sentence("screen ", context.screen(edit.path[1]), " ", to_text(change_kind(edit)));
}

Sentence describe_node(const Edit& edit, DescriptionContext& context) {
  return sentence(head(edit, context), node_words(edit.after ? edit.after : edit.before, edit.path.back()), " ",
                  to_text(change_kind(edit)));
}

Sentence describe_node_prop(const Edit& edit, DescriptionContext& context) {
  const std::string& node_id = edit.path[place_of(edit).length];
  const std::string_view word = word_of(edit.path.back());
  const bool is_text = !word.empty() && (!edit.before || edit.before.is(json::Type::string)) &&
                       (!edit.after || edit.after.is(json::Type::string));
  if (!is_text) {
    return sentence(head(edit, context), name(edit.path.back()), " of ", node_words(edit, context, node_id),
                    became(edit));
  }
  if (edit.before && edit.after) {
    const std::string kind = node_kind(node_of(edit, context, node_id));
    return sentence(head(edit, context), word, word == "text" ? Fragments() : sentence(" of ", id(kind)), " ",
                    shown(edit.before, Fragment::Side::before), " is now ", shown(edit.after, Fragment::Side::after));
  }
  const Fragments owner =
      word == "text" ? Fragments() : sentence(edit.after ? " to " : " from ", node_words(edit, context, node_id));
  return sentence(head(edit, context), word, " ", shown(edit.after ? edit.after : edit.before), " ",
                  to_text(change_kind(edit)), owner);
}

Sentence describe_node_parent(const Edit& edit, DescriptionContext& context) {
  if (!edit.before.is(json::Type::string) || !edit.after.is(json::Type::string)) return std::nullopt;
  const auto node = [&](const std::string& node_id) { return node_words(edit, context, node_id); };
  return sentence(head(edit, context), node(edit.path[place_of(edit).length]), " moved into ",
                  node(edit.after.string()), " (was in ", node(edit.before.string()), ")");
}

Sentence describe_node_member(const Edit& edit, DescriptionContext& context) {
  const std::size_t length = place_of(edit).length;
  const std::string member = path_text(edit.path, length + 1);
  const Fragments node = node_words(edit, context, edit.path[length]);
  const auto is_flag = [](json::Value value) { return value.is(json::Type::boolean); };
  if (member == "hidden" && is_flag(edit.before) && is_flag(edit.after)) {
    return sentence(head(edit, context), node, edit.after.boolean() ? " is now hidden" : " is now shown");
  }
  return sentence(head(edit, context), name(member), " of ", node, became(edit));
}

Sentence describe_children(const Edit& edit, DescriptionContext& context) {
  const std::size_t length = place_of(edit).length;
  const Fragments parent = node_words(edit, context, edit.path[length]);
  if (edit.kind == Edit::Kind::order) return sentence(head(edit, context), "elements of ", parent, " reordered");
  if (edit.path.size() != length + 3) return std::nullopt;
  const std::string& child = edit.path.back();
  // A child that was added, removed or moved has a sentence of its own.
  json::Pointer child_path(edit.path.begin(), edit.path.begin() + static_cast<std::ptrdiff_t>(length));
  child_path.push_back(child);
  json::Pointer parent_path = child_path;
  parent_path.emplace_back("parent");
  if ((context.has(child_path) || context.has(parent_path)) && is_child_of(edit, context, child)) return Fragments();
  return sentence(head(edit, context), node_words(edit, context, child),
                  edit.after ? " is now a child of " : " is no longer a child of ", parent);
}

Sentence describe_interaction(const Edit& edit, DescriptionContext& context) {
  const std::string label = string_of((edit.after ? edit.after : edit.before).find("label"));
  return sentence(head(edit, context), "interaction ", text(label.empty() ? edit.path.back() : label), " ",
                  to_text(change_kind(edit)));
}

Sentence describe_interaction_member(const Edit& edit, DescriptionContext& context) {
  const std::size_t length = place_of(edit).length;
  return sentence(head(edit, context), name(edit.path[length + 1]), " of interaction ", name(edit.path[length]),
                  became(edit));
}

}  // namespace flowship::flow
