#include "flow/model/overrides.hpp"

#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "flow/model/references.hpp"
#include "json/edit.hpp"
#include "json/pointer.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::flow {

namespace {

/// Applies overrides to a copy of a flow. Every value that changes gets a document of its own.
class Editor {
 public:
  Editor(const Flow& flow, const ReferenceIds& ids) : flow_(flow) { replace_references(flow_, ids); }

  void set(const std::string& pointer, const std::string& text) {
    pointer_ = pointer;
    const std::optional<json::Pointer> tokens = json::parse_pointer(pointer);
    if (!tokens || tokens->empty())
      fail("is not a JSON Pointer into a flow", "it should look like `/metadata/disabled`");
    part_ = tokens->front();
    const json::Pointer rest(tokens->begin() + 1, tokens->end());
    if (part_ == "flowId") fail("can't be set: it identifies the flow", "remove it from `set`");
    if (part_ == "metadata") {
      set_metadata(rest, text);
    } else if (part_ == "contents") {
      set_in(flow_.contents, rest, text);
    } else if (part_ == "references") {
      set_in(flow_.references, rest, text);
    } else if (part_ == "screens") {
      set_screen(rest, text);
    } else {
      if (!rest.empty() && find(flow_.others, part_) == nullptr) fail_missing(part_, parts());
      set_field(flow_.others, *tokens, text, {});
    }
  }

  Flow take() { return std::move(flow_); }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& hint) const {
    throw Error("`set` for the flow `" + printable(flow_.id) + "`: `" + printable(pointer_) + "` " + what, hint,
                Fault::invalid);
  }

  [[noreturn]] void fail_missing(const std::string& token, const std::vector<std::string>& known) const {
    const std::string near = did_you_mean(token, known);
    fail("does not exist: there is no `" + printable(token) + "`",
         near.empty() ? "point to a value that the flow has, or to a new member of an object that it has" : near);
  }

  static std::vector<std::string> names_of(const Fields& fields) {
    std::vector<std::string> names;
    for (const Field& field : fields) names.push_back(field.name);
    return names;
  }

  static std::vector<std::string> names_of(json::Value object) { return names_of(fields_of(object)); }

  json::Value new_value(std::string text, json::Value instead_of) {
    flow_.documents.push_back(
        json::Document::parse(std::move(text), instead_of ? instead_of.document().name() : flow_.source.path));
    return flow_.documents.back()->root();
  }

  void set_metadata(const json::Pointer& rest, const std::string& text) {
    if (rest.empty()) {
      flow_.metadata_at = new_value(text, flow_.metadata_at);
      flow_.metadata = fields_of(flow_.metadata_at);
      return;
    }
    if (!flow_.metadata_at.is(json::Type::object)) fail_missing("metadata", parts());
    set_field(flow_.metadata, rest, text, flow_.metadata_at);
  }

  std::vector<std::string> parts() const {
    std::vector<std::string> names = names_of(flow_.others);
    if (flow_.metadata_at) names.push_back("metadata");
    if (flow_.contents) names.push_back("contents");
    if (flow_.references) names.push_back("references");
    if (!flow_.screens.empty()) names.push_back("screens");
    return names;
  }

  Screen& screen(const std::string& token) {
    if (const Screen* found = screen_at(flow_, token))
      return flow_.screens[static_cast<std::size_t>(found - flow_.screens.data())];
    std::vector<std::string> known;
    for (const Screen& one : flow_.screens) known.push_back(one.id);
    fail_missing(token, known);
  }

  void set_screen(const json::Pointer& rest, const std::string& text) {
    if (rest.empty()) {
      flow_.screens_at = new_value(text, flow_.screens_at);
      flow_.screens.clear();
      for (const json::Value item : flow_.screens_at.items()) flow_.screens.push_back(screen_of(item));
      return;
    }
    Screen& changed = screen(rest.front());
    if (rest.size() == 1) {
      std::string file_name = std::move(changed.file_name);
      changed = screen_of(new_value(text, changed.at));
      changed.file_name = std::move(file_name);
      return;
    }
    if (!changed.at.is(json::Type::object)) fail_missing(rest[1], {});
    set_field(changed.fields, json::Pointer(rest.begin() + 1, rest.end()), text, changed.at);
    changed.id = string_of(value_of(changed.fields, "screenId"));
  }

  void set_field(Fields& fields, const json::Pointer& tokens, const std::string& text, json::Value whole) {
    const std::string& name = tokens.front();
    const json::Pointer rest(tokens.begin() + 1, tokens.end());
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
    if (found != fields.end()) {
      set_in(found->value, rest, text);
    } else if (rest.empty()) {
      fields.push_back({name, new_value(text, whole), whole});
      if (!whole) fields.back().at = fields.back().value;
    } else {
      fail_missing(name, names_of(fields));
    }
  }

  /// Sets the value at `tokens` below `value`.
  void set_in(json::Value& value, const json::Pointer& tokens, const std::string& text) {
    if (tokens.empty()) {
      value = new_value(text, value);
      return;
    }
    json::Value parent = value;
    if (!parent) fail_missing(part_, parts());
    for (std::size_t depth = 0; depth + 1 < tokens.size(); ++depth) {
      const json::Value child = json::resolve(parent, {tokens[depth]});
      if (!child) fail_missing(tokens[depth], names_of(parent));
      parent = child;
    }
    const json::Value old = json::resolve(parent, {tokens.back()});
    if (old) {
      value = new_value(json::with_replacements(value, {{old, text}}), value);
    } else if (parent.is(json::Type::object)) {
      const std::string grown = json::with_member(parent, tokens.back(), text);
      value = new_value(json::with_replacements(value, {{parent, grown}}), value);
    } else {
      fail_missing(tokens.back(), {});
    }
  }

  Flow flow_;
  std::string pointer_;
  /// The pointer's first token.
  std::string part_;
};

}  // namespace

Flow overridden(const Flow& flow, const Overrides& overrides) {
  Editor editor(flow, reference_ids(overrides, flow));
  const auto values = overrides.set.find(flow.id);
  if (values != overrides.set.end()) {
    for (const auto& [pointer, text] : values->second) editor.set(pointer, text);
  }
  return editor.take();
}

bool touches(const Overrides& overrides, const Flow& flow) {
  const auto values = overrides.set.find(flow.id);
  return (values != overrides.set.end() && !values->second.empty()) || !reference_ids(overrides, flow).empty();
}

}  // namespace flowship::flow
