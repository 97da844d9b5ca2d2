#include "flow/merge/adoption.hpp"

#include "base/error.hpp"
#include "flow/compare/compare.hpp"
#include "flow/compare/sets.hpp"
#include "flow/compare/value_at.hpp"
#include "flow/model/references.hpp"
#include "json/compare.hpp"
#include "json/edit.hpp"
#include "json/patch.hpp"
#include "json/pointer.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace flowship::flow {

namespace {

using json::Pointer;

/// Replaces single values of an export by those of the source.
class Restorer {
 public:
  Restorer(Flow& held, const Flow& source) : held_(held), source_(source) {
    held_.documents.insert(held_.documents.end(), source.documents.begin(), source.documents.end());
  }

  void restore(const std::string& pointer) {
    const Pointer tokens = json::parse_pointer(pointer).value_or(Pointer());
    if (tokens.empty()) return;
    const std::string& part = tokens.front();
    const Pointer rest(tokens.begin() + 1, tokens.end());
    if (part == "metadata") {
      restore_metadata(rest);
    } else if (part == "contents") {
      restore_in(held_.contents, source_.contents, rest);
    } else if (part == "references") {
      restore_in(held_.references, source_.references, rest);
    } else if (part == "screens") {
      restore_screens(rest);
    } else {
      restore_field(held_.others, source_.others, tokens);
    }
  }

 private:
  void restore_metadata(const Pointer& rest) {
    if (rest.empty()) {
      held_.metadata = source_.metadata;
      held_.metadata_at = source_.metadata_at;
    } else {
      restore_field(held_.metadata, source_.metadata, rest);
    }
  }

  void restore_screens(const Pointer& rest) {
    if (rest.empty()) {
      held_.screens = source_.screens;
      held_.screens_at = source_.screens_at;
      return;
    }
    const Screen* const source = screen_at(source_, rest.front());
    if (source == nullptr) return;
    const auto held = std::find_if(held_.screens.begin(), held_.screens.end(),
                                   [&](const Screen& screen) { return screen.id == source->id; });
    if (held == held_.screens.end()) return;
    if (rest.size() == 1) {
      *held = *source;
    } else {
      restore_field(held->fields, source->fields, Pointer(rest.begin() + 1, rest.end()));
    }
  }

  void restore_field(Fields& held, const Fields& source, const Pointer& tokens) {
    const std::string& name = tokens.front();
    const auto there = std::find_if(held.begin(), held.end(), [&](const Field& field) { return field.name == name; });
    const Field* const wanted = find(source, name);
    if (tokens.size() > 1) {
      const Pointer rest(tokens.begin() + 1, tokens.end());
      if (there != held.end() && wanted != nullptr) restore_in(there->value, wanted->value, rest);
    } else if (wanted == nullptr) {
      if (there != held.end()) held.erase(there);
    } else if (there == held.end()) {
      held.push_back(*wanted);
    } else {
      there->value = wanted->value;
    }
  }

  /// Does nothing if the export has no place for the value any more.
  void restore_in(json::Value& held, json::Value source, const Pointer& tokens) {
    if (tokens.empty()) {
      held = source;
      return;
    }
    if (!held) return;
    const json::Value wanted = source ? json::resolve(source, tokens) : json::Value();
    const json::Value there = json::resolve(held, tokens);
    const json::Value parent = json::resolve(held, Pointer(tokens.begin(), tokens.end() - 1));
    std::string text;
    if (wanted && there) {
      text = json::with_replacements(held, {{there, std::string(wanted.text())}});
    } else if (parent.is(json::Type::object) && wanted) {
      text = json::with_replacements(held, {{parent, json::with_member(parent, tokens.back(), wanted.text())}});
    } else if (parent.is(json::Type::object) && there) {
      text = json::with_replacements(held, {{parent, json::without_member(parent, tokens.back())}});
    } else {
      return;
    }
    held_.documents.push_back(json::Document::parse(std::move(text), held.document().name()));
    held = held_.documents.back()->root();
  }

  Flow& held_;
  const Flow& source_;
};

/// The service may return screens in any order; but `set` may name one by its index in the source.
void put_screens_in_order(Flow& held, const Flow& source) {
  std::map<std::string, Screen> screens;
  std::vector<std::string> ids;
  for (const Screen& screen : held.screens) {
    if (!screens.emplace(screen.id, screen).second) return;
    ids.push_back(screen.id);
  }
  std::vector<std::string> olds;
  for (const Screen& screen : source.screens) {
    if (std::find(olds.begin(), olds.end(), screen.id) == olds.end()) olds.push_back(screen.id);
  }
  held.screens.clear();
  for (const std::string& id : json::merged_order(olds, ids)) held.screens.push_back(std::move(screens.at(id)));
}

/// Removes what the service had already added by itself after the last deployment.
void remove_additions(Fields& held, const Fields& sent, const Fields& after) {
  std::erase_if(held, [&](const Field& field) {
    const json::Value added = value_of(after, field.name);
    const json::Value before = value_of(sent, field.name);
    // What was sent stays, empty or not.
    const bool is_own = !before || (json::is_empty(before) && !json::is_empty(added));
    return is_own && added && json::equal(field.value, added, json::Empties::absent);
  });
}

void remove_additions(Flow& held, const Flow& sent, const Flow& after) {
  remove_additions(held.metadata, sent.metadata, after.metadata);
  remove_additions(held.others, sent.others, after.others);
  if (json::is_empty(sent.references) && after.references &&
      json::equal(held.references, after.references, json::Empties::absent)) {
    held.references = {};
  }
  for (Screen& screen : held.screens) {
    const Screen* const was_sent = find_screen(sent, screen.id);
    const Screen* const came_back = find_screen(after, screen.id);
    if (was_sent != nullptr && came_back != nullptr)
      remove_additions(screen.fields, was_sent->fields, came_back->fields);
  }
}

/// A pointer of `set` as in differences, which name a screen by its id.
std::string by_screen_id(const std::string& pointer, const Flow& source) {
  Pointer tokens = json::parse_pointer(pointer).value_or(Pointer());
  if (tokens.size() < 2 || tokens.front() != "screens") return pointer;
  if (const Screen* screen = screen_at(source, tokens[1])) tokens[1] = screen->id;
  return json::pointer_text(tokens);
}

/// Whether one of the differences is at `pointer`, below it or above it.
bool differ_at(const std::vector<json::Difference>& differences, const std::string& pointer) {
  return std::any_of(differences.begin(), differences.end(), [&](const json::Difference& difference) {
    return difference.pointer == pointer || difference.pointer.starts_with(pointer + "/") ||
           pointer.starts_with(difference.pointer + "/");
  });
}

/// A path of differences, which name a screen by its id, with the screen's index in `flow` instead.
std::string by_screen_index(Pointer path, const Flow& flow) {
  if (path.size() > 1 && path.front() == "screens") {
    const auto is_wanted = [&](const Screen& screen) { return screen.id == path[1]; };
    const auto found = std::find_if(flow.screens.begin(), flow.screens.end(), is_wanted);
    path[1] = std::to_string(found - flow.screens.begin());
  }
  return json::pointer_text(path);
}

}  // namespace

Flow with_orders_of(const Flow& base, const Flow& live) {
  std::set<Pointer> places;
  for (const json::Difference& difference : differences(base, live)) {
    if (const auto place = set_around(*json::parse_pointer(difference.pointer))) places.insert(*place);
  }
  Flow result = live;
  Restorer restorer(result, base);
  const FlowValues before(base);
  const FlowValues after(live);
  for (const Pointer& place : places) {
    const json::Value ordered = before.value_at(place);
    if (ordered && same_set(ordered, after.value_at(place))) restorer.restore(by_screen_index(place, base));
  }
  return result;
}

Adopted adopted(const Flow& held, const Origin& origin) {
  Adopted result{.flow = held, .beyond_source = {}};
  if (origin.sent != nullptr && origin.after != nullptr) remove_additions(result.flow, *origin.sent, *origin.after);
  put_screens_in_order(result.flow, origin.source);
  restore_references(result.flow, origin.source, origin.overrides);
  Restorer restorer(result.flow, origin.source);
  for (const std::string& pointer : origin.ignored) restorer.restore(pointer);
  const auto values = origin.overrides.set.find(held.id);
  if (values == origin.overrides.set.end()) return result;
  for (const auto& [pointer, text] : values->second) restorer.restore(pointer);
  // What deploying the result would send shows what the overrides revert.
  try {
    const Flow sent = overridden(result.flow, origin.overrides);
    const std::vector<json::Difference> lost = differences(sent, held);
    for (const auto& [pointer, text] : values->second) {
      if (differ_at(lost, by_screen_id(pointer, origin.source))) result.beyond_source.push_back(pointer);
    }
  } catch (const Error&) {
    // A pointer of `set` does not exist any more.
    for (const auto& [pointer, text] : values->second) result.beyond_source.push_back(pointer);
  }
  return result;
}

}  // namespace flowship::flow
