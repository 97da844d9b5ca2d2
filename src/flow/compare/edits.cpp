#include "flow/compare/edits.hpp"

#include "flow/compare/compare.hpp"
#include "flow/compare/path_pattern.hpp"
#include "flow/compare/value_at.hpp"
#include "json/compare.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace flowship::flow {

namespace {

using json::Empties;

/// A list whose elements have names: the member `key` of an object, or, without a key, the element itself, a string.
struct NamedList {
  std::string_view pattern;
  std::string_view key;
  Empties empties = Empties::distinct;
};

constexpr NamedList kNamedLists[] = {
    {"/contents/tasks/*/next/rules", "interactionId"},
    {"/contents/tasks/*/conditions", "interactionId"},
    {"/contents/tasks/*/interactions", "id"},
    {"/contents/tasks/*/inputsMetadata", "key"},
    {"/contents/tasks/*/allInputKeys", ""},
    {"/contents/tasks/*/contextKeys", ""},
    {"/contents/tasks/*/htmlTemplate/*/nodes", ""},
    {"/screens/*/contents/*/nodes", ""},
    {"/screens/*/interactions", "id", Empties::absent},
    {"/metadata/sharedInteractions", "id", Empties::absent},
    {"/metadata/translation/targetLanguages", "", Empties::absent},
    {"/references/*", "", Empties::absent},
};

/// Objects whose members are separate edits even if the whole object was added or removed.
constexpr std::string_view kOpened[] = {
    "/contents",   "/contents/tasks",        "/contents/tasks/*/next",      "/contents/tasks/*/arguments",
    "/references", "/references/connectors", "/screens/*/contents/*/props", "/metadata/translation",
};

json::Pointer beginning(const json::Pointer& path, std::size_t length) {
  return {path.begin(), path.begin() + static_cast<std::ptrdiff_t>(length)};
}

json::Pointer with(json::Pointer path, std::string token) {
  path.push_back(std::move(token));
  return path;
}

struct Element {
  /// With the number of earlier elements of the same name.
  std::pair<std::string, std::size_t> name;
  std::size_t index = 0;
  json::Value value;
};

/// Nothing if an element has no name.
std::optional<std::vector<Element>> elements_of(json::Value list, std::string_view key) {
  std::vector<Element> elements;
  std::unordered_map<std::string, std::size_t> seen;
  for (const json::Value item : list.items()) {
    json::Value name = key.empty() ? item : item.find(key);
    // A rule may have no interaction.
    const bool is_unnamed_rule = !name && key == "interactionId" && item.is(json::Type::object);
    if (!is_unnamed_rule && !name.is(json::Type::string)) return std::nullopt;
    std::string text = is_unnamed_rule ? std::string() : name.string();
    const std::size_t occurrence = seen[text]++;
    elements.push_back({{std::move(text), occurrence}, elements.size(), item});
  }
  return elements;
}

class EditReader {
 public:
  EditReader(const Flow& before, const Flow& after) : before_(before), after_(after) {}

  std::vector<Edit> read(const std::vector<json::Difference>& differences) {
    for (const json::Difference& difference : differences) {
      // A difference always has a valid pointer.
      add(*json::parse_pointer(difference.pointer), difference.before, difference.after);
    }
    return std::move(edits_);
  }

 private:
  void add(const json::Pointer& path, json::Value before, json::Value after) {
    if (is_in_named_list(path, before, after) || is_opened(path, before, after)) return;
    edits_.push_back({Edit::Kind::value, path, json::pointer_text(path), before, after});
  }

  /// Whether the path is in a named list whose differences are all covered.
  bool is_in_named_list(const json::Pointer& path, json::Value before, json::Value after) {
    for (const NamedList& list : kNamedLists) {
      const std::size_t length = length_of(list.pattern);
      if (path.size() < length || !matches(list.pattern, beginning(path, length))) continue;
      const json::Pointer place = beginning(path, length);
      const auto [known, is_new] = lists_.emplace(place, false);
      if (is_new) {
        const bool is_whole = path.size() == length;
        known->second = add_list(list, place, is_whole ? before : before_.value_at(place),
                                 is_whole ? after : after_.value_at(place));
      }
      return known->second;
    }
    return false;
  }

  bool add_list(const NamedList& list, const json::Pointer& place, json::Value before, json::Value after) {
    const auto is_list = [](json::Value value) { return !value || value.is(json::Type::array); };
    if (!is_list(before) || !is_list(after)) return false;
    const auto olds = elements_of(before, list.key);
    const auto news = elements_of(after, list.key);
    if (!olds || !news) return false;
    const std::size_t count = edits_.size();
    std::map<std::pair<std::string, std::size_t>, const Element*> by_name;
    for (const Element& element : *news) by_name.emplace(element.name, &element);
    std::vector<std::size_t> order;
    for (const Element& old : *olds) {
      const auto found = by_name.find(old.name);
      if (found == by_name.end()) {
        add_element(place, old, old.value, {});
        continue;
      }
      order.push_back(found->second->index);
      add_inside(list, place, old, *found->second);
      by_name.erase(found);
    }
    if (!std::is_sorted(order.begin(), order.end())) {
      edits_.push_back({Edit::Kind::order, place, json::pointer_text(place), before, after});
    }
    for (const Element& element : *news) {
      if (by_name.contains(element.name)) add_element(place, element, {}, element.value);
    }
    return edits_.size() > count;
  }

  void add_element(const json::Pointer& place, const Element& element, json::Value before, json::Value after) {
    edits_.push_back({Edit::Kind::value, with(place, element.name.first),
                      json::pointer_text(place) + "/" + std::to_string(element.index), before, after});
  }

  void add_inside(const NamedList& list, const json::Pointer& place, const Element& old, const Element& now) {
    const std::string pointer = json::pointer_text(place) + "/" + std::to_string(now.index);
    for (const json::Difference& inside : json::differences(old.value, now.value, list.empties, pointer)) {
      json::Pointer path = *json::parse_pointer(inside.pointer);
      path[place.size()] = now.name.first;
      edits_.push_back({Edit::Kind::value, std::move(path), inside.pointer, inside.before, inside.after});
    }
  }

  bool is_opened(const json::Pointer& path, json::Value before, json::Value after) {
    const json::Value one = before ? before : after;
    if ((before && after) || !one.is(json::Type::object) || one.size() == 0) return false;
    const auto is_of = [&](std::string_view pattern) { return matches(pattern, path); };
    if (std::none_of(std::begin(kOpened), std::end(kOpened), is_of)) return false;
    for (const json::Member& member : one.members()) {
      const json::Value absent;
      add(with(path, member.name()), before ? member.value : absent, before ? absent : member.value);
    }
    return true;
  }

  const FlowValues before_;
  const FlowValues after_;
  /// The named lists seen so far, and whether their differences are covered.
  std::map<json::Pointer, bool> lists_;
  std::vector<Edit> edits_;
};

}  // namespace

std::vector<Edit> edits(const Flow& before, const Flow& after) {
  return EditReader(before, after).read(differences(before, after));
}

}  // namespace flowship::flow
