#include "flow/compare/compare.hpp"

#include "base/digest.hpp"
#include "flow/compare/sets.hpp"
#include "json/compare.hpp"
#include "json/edit.hpp"
#include "json/pointer.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowship::flow {

namespace {

using json::Empties;

using ScreenMap = std::map<ScreenKey, const Screen*>;

using FieldMap = std::map<std::string_view, json::Value>;

FieldMap by_name(const Fields& fields) {
  FieldMap values;
  for (const Field& field : fields) values.emplace(field.name, field.value);
  return values;
}

template <typename Map>
json::Value value_in(const Map& members, const typename Map::key_type& name) {
  const auto found = members.find(name);
  return found == members.end() ? json::Value() : found->second;
}

/// Where empty and absent mean the same to the service.
Empties in_screen(std::string_view name) { return name == "interactions" ? Empties::absent : Empties::distinct; }
Empties in_metadata(std::string_view) { return Empties::absent; }
Empties in_flow(std::string_view) { return Empties::distinct; }
using EmptiesOf = Empties (*)(std::string_view);

bool is_nothing(json::Value value, Empties empties) {
  return !value || (empties == Empties::absent && json::is_empty(value));
}

class Differences {
 public:
  std::vector<json::Difference> of(const Flow& before, const Flow& after) {
    if (before.id != after.id) found_.push_back({"/flowId", before.id_at, after.id_at});
    compare(malformed_metadata(before), malformed_metadata(after), "/metadata", Empties::absent);
    compare(before.metadata, after.metadata, "/metadata", in_metadata);
    compare(before.contents, after.contents, "/contents", Empties::distinct);
    compare(malformed_screens(before), malformed_screens(after), "/screens", Empties::absent);
    compare_screens(before, after);
    compare(before.references, after.references, "/references", Empties::absent);
    compare(before.others, after.others, "", in_flow);
    return std::move(found_);
  }

 private:
  void compare(json::Value before, json::Value after, const std::string& pointer, Empties empties) {
    if (is_nothing(before, empties) && is_nothing(after, empties)) return;
    if (before && after) {
      // The fast path: most parts of most flows are equal byte for byte.
      if (before.text() == after.text()) return;
      auto found = json::differences(before, after, empties, pointer);
      found_.insert(found_.end(), found.begin(), found.end());
    } else {
      found_.push_back({pointer, before, after});
    }
  }

  void compare(const Fields& before, const Fields& after, const std::string& pointer, EmptiesOf empties_of) {
    const FieldMap olds = by_name(before);
    const FieldMap news = by_name(after);
    for (const Field& field : before) {
      compare(field.value, value_in(news, field.name), pointer + "/" + json::pointer_token(field.name),
              empties_of(field.name));
    }
    for (const Field& field : after) {
      if (olds.count(field.name) > 0) continue;
      compare({}, field.value, pointer + "/" + json::pointer_token(field.name), empties_of(field.name));
    }
  }

  void compare_screens(const Flow& before, const Flow& after) {
    const ScreenMap olds = screens_by_key(before);
    const ScreenMap news = screens_by_key(after);
    for (const auto& [key, screen] : olds) {
      const std::string pointer = "/screens/" + json::pointer_token(key.first);
      const auto found = news.find(key);
      if (found == news.end()) {
        found_.push_back({pointer, screen->at, {}});
        continue;
      }
      compare(malformed_screen(*screen), malformed_screen(*found->second), pointer, Empties::distinct);
      compare(screen->fields, found->second->fields, pointer, in_screen);
    }
    for (const auto& [key, screen] : news) {
      if (olds.count(key) == 0) found_.push_back({"/screens/" + json::pointer_token(key.first), {}, screen->at});
    }
  }

  std::vector<json::Difference> found_;
};

void put(std::string& text, std::string_view name, std::string_view value) {
  if (text.back() != '{') text += ',';
  text += json::quoted(name) + ':';
  text += value;
}

void put(std::string& text, std::string_view name, json::Value value, Empties empties) {
  if (!is_nothing(value, empties)) put(text, name, json::canonical(value, empties));
}

std::string canonical(const Fields& fields, EmptiesOf empties_of) {
  std::string text = "{";
  for (const auto& [name, value] : by_name(fields)) put(text, name, value, empties_of(name));
  return text + '}';
}

std::string canonical(const Screen& screen) {
  const json::Value malformed = malformed_screen(screen);
  return malformed ? json::canonical(malformed) : canonical(screen.fields, in_screen);
}

/// The same text for all flows that are the same.
std::string canonical(const Flow& flow) {
  std::string text = "{";
  put(text, "flowId", json::quoted(flow.id));
  put(text, "metadata", canonical(flow.metadata, in_metadata));
  put(text, "odd metadata", malformed_metadata(flow), Empties::absent);
  put(text, "contents", flow.contents, Empties::distinct);
  put(text, "odd screens", malformed_screens(flow), Empties::absent);
  put(text, "references", flow.references, Empties::absent);
  put(text, "others", canonical(flow.others, in_flow));
  std::string screens = "[";
  for (const auto& [key, screen] : screens_by_key(flow)) screens += canonical(*screen) + ',';
  put(text, "screens", screens + ']');
  return text + '}';
}

using MemberMap = std::map<std::string, json::Value>;

MemberMap members_of(json::Value object) {
  MemberMap members;
  for (const json::Member& member : object.members()) members.emplace(member.name(), member.value);
  return members;
}

/// Whether the service added `exported` by itself: nothing of it was in `before`, so it does not show that the old
/// version is still there.
bool is_own(json::Value exported, json::Value before) {
  if (json::is_empty(exported) || !before) return true;
  if (exported.is(json::Type::object) && before.is(json::Type::object)) {
    const MemberMap olds = members_of(before);
    const MemberMap members = members_of(exported);
    return std::all_of(members.begin(), members.end(), [&](const MemberMap::value_type& member) {
      return is_own(member.second, value_in(olds, member.first));
    });
  }
  if (exported.is(json::Type::array) && before.is(json::Type::array)) {
    std::set<std::string> olds;
    for (const json::Value item : before.items()) olds.insert(json::canonical(item, Empties::absent));
    const auto items = exported.items();
    return std::none_of(items.begin(), items.end(),
                        [&](json::Value item) { return olds.count(json::canonical(item, Empties::absent)) > 0; });
  }
  return !json::equal(exported, before, Empties::absent);
}

bool is_covered(json::Value exported, json::Value sent, json::Value before);

/// `Members` is a `FieldMap` or a `MemberMap`.
template <typename Members>
bool are_covered(const Members& exported, const Members& sent, const Members& before) {
  const auto arrived = [&](const auto& member) {
    return exported.count(member.first) > 0 || json::is_empty(member.second);
  };
  const auto explained = [&](const auto& member) {
    return is_covered(member.second, value_in(sent, member.first), value_in(before, member.first));
  };
  return std::all_of(sent.begin(), sent.end(), arrived) && std::all_of(exported.begin(), exported.end(), explained);
}

using Items = std::vector<json::Value>;

Items elements_in(json::Value list) {
  const auto items = list.items();
  return {items.begin(), items.end()};
}

/// By id, where the elements have one, else by value.
Items sorted(Items items) {
  const auto key = [](json::Value item) {
    const json::Value id = item.is(json::Type::object) ? item.find("id") : json::Value();
    return json::canonical(id ? id : item, Empties::absent);
  };
  std::vector<std::pair<std::string, json::Value>> keyed;
  keyed.reserve(items.size());
  for (const json::Value item : items) keyed.emplace_back(key(item), item);
  std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t number = 0; number < items.size(); ++number) items[number] = keyed[number].second;
  return items;
}

bool are_covered_in_order(const Items& exported, const Items& sent, const Items& before) {
  for (std::size_t number = 0; number < sent.size(); ++number) {
    const json::Value old = number < before.size() ? before[number] : json::Value();
    if (!is_covered(exported[number], sent[number], old)) return false;
  }
  return true;
}

/// Outside of `contents` lists are sets.
bool are_items_covered(json::Value exported, json::Value sent, json::Value before) {
  if (exported.size() != sent.size()) return false;
  const Items arrived = elements_in(exported);
  const Items items = elements_in(sent);
  const Items olds = elements_in(before);
  return are_covered_in_order(arrived, items, olds) ||
         are_covered_in_order(sorted(arrived), sorted(items), sorted(olds));
}

/// Whether all of `sent` is in `exported`, and everything else in `exported` was added by the service.
bool is_covered(json::Value exported, json::Value sent, json::Value before) {
  if (!sent || sent.is(json::Type::null)) return is_own(exported, before);
  if (json::is_empty(exported)) return json::is_empty(sent);
  if (exported.is(json::Type::object) && sent.is(json::Type::object)) {
    return are_covered(members_of(exported), members_of(sent), members_of(before));
  }
  if (exported.is(json::Type::array) && sent.is(json::Type::array)) return are_items_covered(exported, sent, before);
  return json::equal(exported, sent, Empties::absent);
}

bool is_exactly(json::Value exported, json::Value sent) {
  return exported && sent ? json::equal(exported, sent) : !exported && !sent;
}

/// Up to the order of the interactions of tasks.
bool are_contents_held(json::Value exported, json::Value sent) {
  if (is_exactly(exported, sent)) return true;
  if (!exported || !sent) return false;
  const std::vector<json::Difference> found = json::differences(sent, exported, Empties::distinct, "/contents");
  return std::all_of(found.begin(), found.end(), [&](const json::Difference& difference) {
    const std::optional<json::Pointer> place = set_around(*json::parse_pointer(difference.pointer));
    if (!place) return false;
    const json::Pointer below(place->begin() + 1, place->end());
    return same_set(json::resolve(sent, below), json::resolve(exported, below));
  });
}

FieldMap compared_metadata(const Flow& flow, Upgrades upgrades) {
  FieldMap fields = by_name(flow.metadata);
  if (upgrades == Upgrades::ignored) fields.erase("componentsVersion");
  return fields;
}

FieldMap without_contents(const Screen& screen) {
  FieldMap fields = by_name(screen.fields);
  fields.erase("contents");
  return fields;
}

bool is_screen_held(const Screen& exported, const Screen& sent, const Screen* before) {
  return is_exactly(value_of(exported.fields, "contents"), value_of(sent.fields, "contents")) &&
         are_covered(without_contents(exported), without_contents(sent),
                     before == nullptr ? FieldMap() : without_contents(*before));
}

bool are_screens_held(const Flow& exported, const Flow& sent, const Flow* before) {
  if (exported.screens.size() != sent.screens.size()) return false;
  const ScreenMap arrived = screens_by_key(exported);
  const ScreenMap olds = before == nullptr ? ScreenMap() : screens_by_key(*before);
  for (const auto& [key, screen] : screens_by_key(sent)) {
    const auto found = arrived.find(key);
    const auto old = olds.find(key);
    if (found == arrived.end()) return false;
    if (!is_screen_held(*found->second, *screen, old == olds.end() ? nullptr : old->second)) return false;
  }
  return true;
}

}  // namespace

std::vector<json::Difference> differences(const Flow& before, const Flow& after) {
  return Differences().of(before, after);
}

bool same(const Flow& a, const Flow& b) { return differences(a, b).empty(); }

bool holds(const Flow& exported, const Flow& sent, const Flow* before, Upgrades upgrades) {
  static const Flow kNothing;
  const Flow& old = before == nullptr ? kNothing : *before;
  return exported.id == sent.id && json::is_empty(malformed_metadata(sent)) &&
         json::is_empty(malformed_screens(sent)) && are_contents_held(exported.contents, sent.contents) &&
         are_screens_held(exported, sent, before) &&
         are_covered(compared_metadata(exported, upgrades), compared_metadata(sent, upgrades),
                     compared_metadata(old, upgrades)) &&
         is_covered(exported.references, sent.references, old.references) &&
         are_covered(by_name(exported.others), by_name(sent.others), by_name(old.others));
}

std::string digest(const Flow& flow) { return "sha256:" + sha256_hex(canonical(flow)); }

}  // namespace flowship::flow
