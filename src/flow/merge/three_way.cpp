#include "flow/merge/three_way.hpp"

#include "json/compare.hpp"
#include "json/edit.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace flowship::flow {

namespace {

using json::Empties;
using json::Type;
using json::Value;

std::optional<std::string> text_if_there(Value value) {
  return value ? std::optional(std::string(value.text())) : std::nullopt;
}

MergePlace member_place(const MergePlace& parent, const std::string& name) {
  MergePlace place{parent.path, parent.pointer, role_in(parent.role, name), parent.empties};
  place.path.push_back(name);
  place.pointer.push_back(name);
  if (empties_of(place.role) == Empties::absent) place.empties = Empties::absent;
  if (place.role == Role::contents) place.empties = Empties::distinct;
  return place;
}

MergePlace element_place(const MergePlace& parent, const std::string& name, std::size_t index) {
  MergePlace place{parent.path, parent.pointer, role_in(parent.role, {}), parent.empties};
  place.path.push_back(name);
  place.pointer.push_back(std::to_string(index));
  return place;
}

std::vector<std::string> member_names(Value object) {
  std::vector<std::string> names;
  for (const json::Member& member : object.members()) names.push_back(member.name());
  return names;
}

std::vector<Value> items_of(Value list) {
  std::vector<Value> items;
  for (const Value item : list.items()) items.push_back(item);
  return items;
}

/// Whether empty and absent are the same in some values below, but not in all.
bool has_mixed_empties(Role role) {
  return role == Role::flow || role == Role::wrapped || role == Role::console || role == Role::console_flow ||
         role == Role::screens || role == Role::console_screens || role == Role::screen || role == Role::console_screen;
}

/// Whether nothing that counts differs.
bool is_same(Value one, Value other, const MergePlace& place) {
  if (json::equal(one, other, place.empties)) return true;
  if (!has_mixed_empties(place.role)) return false;
  if (one.is(Type::object) && other.is(Type::object)) {
    std::vector<std::string> names = member_names(one);
    for (std::string& name : member_names(other)) names.push_back(std::move(name));
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
      return is_same(one.find(name), other.find(name), member_place(place, name));
    });
  }
  if (!one.is(Type::array) || !other.is(Type::array) || one.size() != other.size()) return false;
  const std::vector<Value> ones = items_of(one);
  const std::vector<Value> others = items_of(other);
  for (std::size_t index = 0; index < ones.size(); ++index) {
    if (!is_same(ones[index], others[index], element_place(place, {}, index))) return false;
  }
  return true;
}

std::unordered_map<std::string, Value> members_by_name(Value object) {
  std::unordered_map<std::string, Value> members;
  for (const json::Member& member : object.members()) members.emplace(member.name(), member.value);
  return members;
}

Value value_named(const std::unordered_map<std::string, Value>& members, const std::string& name) {
  const auto found = members.find(name);
  return found == members.end() ? Value() : found->second;
}

/// Whether every element has a string there, and no two the same.
bool has_unique_names(Value list, std::string_view key) {
  std::unordered_set<std::string> names;
  for (const Value item : list.items()) {
    const Value name = item.find(key);
    if (!name.is(Type::string) || !names.insert(name.string()).second) return false;
  }
  return true;
}

using Range = std::pair<std::size_t, std::size_t>;

std::size_t size_of(const Range& range) { return range.second - range.first; }

bool are_equal(const std::vector<Value>& a, const Range& in_a, const std::vector<Value>& b, const Range& in_b) {
  if (size_of(in_a) != size_of(in_b)) return false;
  for (std::size_t number = 0; number < size_of(in_a); ++number) {
    if (!json::equal(a[in_a.first + number], b[in_b.first + number])) return false;
  }
  return true;
}

/// `{"type": "inline", "value": …}`: the type says what the value means.
bool is_typed_value(Value object) {
  return object.is(Type::object) && object.size() == 2 && object.find("type") && object.find("value");
}

void append_item(std::string& items, std::string_view text) {
  if (!items.empty()) items += ',';
  items += text;
}

}  // namespace

ListFacts facts_of_lists(Role role, Value base, Value ours, Value theirs) {
  const ListFacts facts = list_facts(role);
  if (facts.identity != Identity::none) return facts;
  for (const std::string_view key : {"id", "key", "name"}) {
    if (has_unique_names(base, key) && has_unique_names(ours, key) && has_unique_names(theirs, key)) {
      return {Identity::member, key, ListOrder::meaningful};
    }
  }
  return facts;
}

bool ThreeWay::is_contested_below(const json::Pointer& path) const {
  const auto next = contested_.upper_bound(path);
  return next != contested_.end() && next->size() > path.size() && std::equal(path.begin(), path.end(), next->begin());
}

ThreeWay::Result ThreeWay::conflict(const Versions& versions, const MergePlace& place, bool is_order) {
  conflicts_.push_back(
      {place.path, json::pointer_text(place.pointer), versions.base, versions.ours, versions.theirs, is_order});
  if (favoured_ != Favour::nobody) return text_if_there(favoured_ == Favour::ours ? versions.ours : versions.theirs);
  const auto is_plain = [](Value value) { return !value.is(Type::object) && !value.is(Type::array); };
  if (is_plain(versions.base) && is_plain(versions.ours) && is_plain(versions.theirs))
    return text_if_there(versions.base);
  return json::quoted("conflict " + std::to_string(conflicts_.size()));
}

ThreeWay::Result ThreeWay::unchanged_or_one_sided(const Versions& versions, const MergePlace& place,
                                                  bool& is_decided) const {
  const auto& [base, ours, theirs] = versions;
  is_decided = true;
  // Where both are the same, ours keeps its text.
  if (is_same(ours, theirs, place) || is_same(theirs, base, place)) return text_if_there(ours);
  if (is_same(ours, base, place)) return text_if_there(theirs);
  if (place.role == Role::managed) return text_if_there(ours ? ours : theirs);
  is_decided = false;
  return {};
}

std::optional<std::string> ThreeWay::merge(Value base, Value ours, Value theirs, const MergePlace& place) {
  const Versions versions{base, ours, theirs};
  if (contested_.contains(place.path)) return conflict(versions, place);
  const bool is_open = is_contested_below(place.path);
  bool is_decided = false;
  if (!is_open) {
    Result result = unchanged_or_one_sided(versions, place, is_decided);
    if (is_decided) return result;
  }
  const auto are_both = [&](Type type) {
    const auto fits = [&](Value value) {
      return value.is(type) || (!value && (is_open || place.empties == Empties::absent));
    };
    return fits(ours) && fits(theirs) && (ours || theirs);
  };
  if (are_both(Type::object)) return object(versions, place);
  if (are_both(Type::array)) return list(versions, place);
  if (is_open) {
    Result result = unchanged_or_one_sided(versions, place, is_decided);
    if (is_decided) return result;
  }
  return conflict(versions, place);
}

ThreeWay::Result ThreeWay::object(const Versions& versions, const MergePlace& place) {
  const auto olds = members_by_name(versions.base);
  const auto our_members = members_by_name(versions.ours);
  const auto their_members = members_by_name(versions.theirs);
  if (is_typed_value(versions.ours) && is_typed_value(versions.theirs)) {
    const Value type = value_named(olds, "type");
    const bool is_kept =
        json::equal(type, value_named(our_members, "type")) && json::equal(type, value_named(their_members, "type"));
    if (!is_kept) return conflict(versions, place);
  }
  std::string members;
  for (const std::string& name : woven(member_names(versions.ours), member_names(versions.theirs))) {
    const Result value = merge(value_named(olds, name), value_named(our_members, name),
                               value_named(their_members, name), member_place(place, name));
    if (!value) continue;
    append_item(members, json::quoted(name));
    members.append(":").append(*value);
  }
  if (members.empty() && !(versions.ours && versions.theirs)) return {};
  return "{" + members + "}";
}

ThreeWay::Result ThreeWay::list(const Versions& versions, const MergePlace& place) {
  const ListFacts facts = facts_of_lists(place.role, versions.base, versions.ours, versions.theirs);
  if (facts.identity != Identity::none) {
    bool is_named = false;
    Result result = named_list(versions, place, facts, is_named);
    if (is_named) return result;
  }
  return chunks(versions, place);
}

ThreeWay::Result ThreeWay::named_list(const Versions& versions, const MergePlace& place, const ListFacts& facts,
                                      bool& is_named) {
  const auto olds = elements_of_list(versions.base, facts);
  const auto our_elements = elements_of_list(versions.ours, facts);
  const auto their_elements = elements_of_list(versions.theirs, facts);
  is_named = olds && our_elements && their_elements;
  if (!is_named) return {};
  struct Element {
    Versions versions;
    std::optional<std::size_t> index;
  };
  std::map<ElementId, Element> elements;
  const auto collect = [&](const std::vector<ListElement>& side, const std::vector<ElementId>& ids,
                           Value Versions::*as) {
    for (const ListElement& element : side) {
      Element& found = elements[ids[element.index]];
      found.versions.*as = element.value;
      if (!found.index) found.index = element.index;
    }
  };
  const std::vector<ElementId> old_ids = element_ids(*olds, *olds);
  const std::vector<ElementId> our_ids = element_ids(*olds, *our_elements);
  const std::vector<ElementId> their_ids = element_ids(*olds, *their_elements);
  collect(*our_elements, our_ids, &Versions::ours);
  collect(*their_elements, their_ids, &Versions::theirs);
  collect(*olds, old_ids, &Versions::base);
  std::map<ElementId, std::string> texts;
  std::set<ElementId> present;
  for (const auto& [id, element] : elements) {
    const auto& [base, ours, theirs] = element.versions;
    const Result text = merge(base, ours, theirs, element_place(place, id.first, *element.index));
    if (!text) continue;
    texts.emplace(id, *text);
    present.insert(id);
  }
  MergedOrder order = favoured_ != Favour::theirs || facts.order != ListOrder::meaningful
                          ? merged_list_order(old_ids, our_ids, their_ids, present, facts.order)
                          : merged_list_order(old_ids, their_ids, our_ids, present, facts.order);
  if (order.is_contested) {
    Result instead = conflict(versions, place, true);
    if (favoured_ == Favour::nobody) return instead;
  }
  std::string items;
  for (const ElementId& id : order.ids) append_item(items, texts.at(id));
  if (items.empty() && !(versions.ours && versions.theirs)) return {};
  return "[" + items + "]";
}

ThreeWay::Result ThreeWay::chunks(const Versions& versions, const MergePlace& place) {
  const std::vector<Value> olds = items_of(versions.base);
  const std::vector<Value> our_items = items_of(versions.ours);
  const std::vector<Value> their_items = items_of(versions.theirs);
  const std::size_t conflicts = conflicts_.size();
  std::string items;
  for (const Chunk& part : chunks_of(versions.base, versions.ours, versions.theirs)) {
    const bool is_ours = are_equal(their_items, part.theirs, olds, part.base) ||
                         are_equal(our_items, part.ours, their_items, part.theirs);
    if (is_ours || are_equal(our_items, part.ours, olds, part.base)) {
      const std::vector<Value>& chosen = is_ours ? our_items : their_items;
      const Range& range = is_ours ? part.ours : part.theirs;
      for (std::size_t index = range.first; index < range.second; ++index) append_item(items, chosen[index].text());
      continue;
    }
    if (size_of(part.base) != size_of(part.ours) || size_of(part.base) != size_of(part.theirs)) {
      conflicts_.resize(conflicts);
      return conflict(versions, place);
    }
    for (std::size_t number = 0; number < size_of(part.base); ++number) {
      const std::size_t index = part.ours.first + number;
      const Result text =
          merge(olds[part.base.first + number], our_items[index], their_items[part.theirs.first + number],
                element_place(place, std::to_string(index), index));
      append_item(items, text ? *text : "null");
    }
  }
  return "[" + items + "]";
}

}  // namespace flowship::flow
