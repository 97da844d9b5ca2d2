#include "json/patch.hpp"

#include "json/alignment.hpp"
#include "json/container.hpp"
#include "json/edit.hpp"
#include "json/style.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace flowship::json {

namespace {

const PatchRules& rules_of_member(const PatchRules& rules, std::string_view name, const PatchRules& otherwise) {
  const auto found = std::find_if(rules.members.begin(), rules.members.end(),
                                  [&](const MemberRules& member) { return member.name == name; });
  return found == rules.members.end() ? otherwise : found->rules;
}

/// Identifies the elements of an array by the key member or else by value, and numbers equal ones.
std::vector<std::string> names_of(Value array, const PatchRules& rules) {
  std::vector<std::string> names;
  std::unordered_map<std::string, int> seen;
  for (const Value item : array.items()) {
    const Value key = item.find(rules.key);
    std::string name = canonical(key ? key : item);
    name += "#" + std::to_string(seen[name]++);
    names.push_back(std::move(name));
  }
  return names;
}

class Patcher {
 public:
  explicit Patcher(const Document& document) : style_(style_of(document)) {}

  std::string of(Value old, Value wanted, const PatchRules& rules, const Style& style) {
    const bool is_plain = rules.members.empty() && rules.items == nullptr && rules.key.empty();
    if (is_plain && equal(old, wanted, rules.empties)) return std::string(old.text());
    if (old.type() == wanted.type() && old.size() > 0) {
      if (old.is(Type::object)) return object(old, wanted, rules, style);
      if (old.is(Type::array)) return array(old, wanted, rules, style);
    }
    if (equal(old, wanted, rules.empties)) return std::string(old.text());
    return styled(wanted, style, indentation_of(old));
  }

  const Style& style() const { return style_; }

 private:
  static Style style_in(const Container& container, const Style& style) {
    return container.on_one_line() ? style.on_one_line() : style;
  }

  /// The indentation of new members and elements.
  static std::string_view indentation_in(const Container& container) {
    const std::string_view opening = container.opening();
    const std::size_t newline = opening.rfind('\n');
    return newline == std::string_view::npos ? std::string_view() : opening.substr(newline + 1);
  }

  std::string object(Value old, Value wanted, const PatchRules& rules, const Style& around) {
    const Container container(old);
    const Style style = style_in(container, around);
    const PatchRules plain{.empties = rules.empties};
    std::unordered_map<std::string, Member> wanted_members;
    std::vector<std::string> wanted_names;
    for (const Member& member : wanted.members()) {
      wanted_names.push_back(member.name());
      wanted_members.emplace(wanted_names.back(), member);
    }
    std::unordered_map<std::string, std::size_t> olds;
    std::vector<std::string> old_names;
    for (const Member& member : old.members()) {
      const std::string name = member.name();
      // An empty member stays if the other side lacks it and that is not a difference.
      const bool stays = rules_of_member(rules, name, plain).empties == Empties::absent && is_empty(member.value);
      if (stays && !wanted_members.contains(name)) wanted_names.push_back(name);
      olds.emplace(name, old_names.size());
      old_names.push_back(name);
    }
    std::vector<Slot> slots;
    for (const std::string& name : merged_order(old_names, wanted_names)) {
      const PatchRules& member_rules = rules_of_member(rules, name, plain);
      const auto at = olds.find(name);
      const auto asked = wanted_members.find(name);
      if (asked == wanted_members.end()) {
        slots.push_back({at->second, std::string(container.text(at->second))});
      } else if (at != olds.end()) {
        const Value value = container.value(at->second);
        slots.push_back(
            {at->second, std::string(container.key(at->second)) + of(value, asked->second.value, member_rules, style)});
      } else if (member_rules.empties == Empties::distinct || !is_empty(asked->second.value)) {
        slots.push_back({{},
                         std::string(asked->second.key.text()) + std::string(container.colon()) +
                             styled(asked->second.value, style, indentation_in(container))});
      }
    }
    return container.with(slots);
  }

  std::string array(Value old, Value wanted, const PatchRules& rules, const Style& around) {
    const Container container(old);
    const Style style = style_in(container, around);
    const PatchRules plain{.empties = rules.empties};
    const PatchRules& item_rules = rules.items == nullptr ? plain : *rules.items;
    const Container asked(wanted);
    std::vector<Slot> slots;
    for (const auto& [before, after] : pairs(old, wanted, rules)) {
      if (!after) continue;
      const Value value = asked.value(*after);
      // An element is never absent, so an empty one of another type is a difference.
      const bool is_patched = before && container.value(*before).type() == value.type();
      slots.push_back({before, is_patched ? of(container.value(*before), value, item_rules, style)
                                          : styled(value, style, indentation_in(container))});
    }
    return container.with(slots, style.comma());
  }

  static std::vector<Pair> pairs(Value old, Value wanted, const PatchRules& rules) {
    if (rules.key.empty()) {
      const auto texts_of = [&](Value array) {
        std::vector<std::string> texts;
        for (const Value item : array.items()) {
          texts.push_back(std::to_string(static_cast<int>(item.type())) + canonical(item, rules.empties));
        }
        return texts;
      };
      return aligned(texts_of(old), texts_of(wanted));
    }
    const std::vector<std::string> olds = names_of(old, rules);
    const std::vector<std::string> news = names_of(wanted, rules);
    std::unordered_map<std::string_view, Pair> places;
    for (std::size_t index = 0; index < olds.size(); ++index) places[olds[index]].before = index;
    for (std::size_t index = 0; index < news.size(); ++index) places[news[index]].after = index;
    std::vector<Pair> pairs;
    for (const std::string& name : merged_order(olds, news)) pairs.push_back(places.at(name));
    return pairs;
  }

  Style style_;
};

}  // namespace

std::string patched(Value old, Value wanted, const PatchRules& rules) {
  Patcher patcher(old.document());
  return patcher.of(old, wanted, rules, patcher.style());
}

std::string patched(const Document& old, Value wanted, const PatchRules& rules) {
  return with_replacements(old, {{old.root(), patched(old.root(), wanted, rules)}});
}

std::vector<std::string> merged_order(const std::vector<std::string>& old, const std::vector<std::string>& wanted) {
  const std::unordered_set<std::string_view> is_wanted(wanted.begin(), wanted.end());
  const std::unordered_set<std::string_view> is_old(old.begin(), old.end());
  std::vector<std::string> order;
  for (const std::string& name : old) {
    if (is_wanted.contains(name)) order.push_back(name);
  }
  if (old.size() > 1 && std::is_sorted(old.begin(), old.end())) {
    for (const std::string& name : wanted) {
      if (!is_old.contains(name)) order.push_back(name);
    }
    std::sort(order.begin(), order.end());
    return order;
  }
  // Each new name follows the one before it among the wanted ones.
  std::unordered_map<std::string_view, std::vector<std::string>> followers;
  std::string_view kept;
  bool is_first = true;
  std::vector<std::string> result;
  for (const std::string& name : wanted) {
    if (is_old.contains(name)) {
      kept = name;
      is_first = false;
    } else {
      (is_first ? result : followers[kept]).push_back(name);
    }
  }
  for (std::string& name : order) {
    const auto found = followers.find(name);
    result.push_back(std::move(name));
    if (found != followers.end()) result.insert(result.end(), found->second.begin(), found->second.end());
  }
  return result;
}

}  // namespace flowship::json
