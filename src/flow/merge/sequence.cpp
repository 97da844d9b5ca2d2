#include "flow/merge/sequence.hpp"

#include "flow/model/flow.hpp"
#include "json/alignment.hpp"
#include "json/compare.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace flowship::flow {

namespace {

using Ids = std::vector<ElementId>;

std::optional<std::string> name_in_list(json::Value item, const ListFacts& facts) {
  if (facts.identity == Identity::value) return json::canonical(item);
  const json::Value key = item.find(facts.key);
  if (key.is(json::Type::string)) return key.string();
  // A rule may have no interaction.
  const bool is_unnamed_rule = !key && facts.key == "interactionId" && item.is(json::Type::object);
  return is_unnamed_rule ? std::optional(std::string()) : std::nullopt;
}

Ids only(const Ids& ids, const std::set<ElementId>& wanted) {
  Ids result;
  for (const ElementId& id : ids) {
    if (wanted.contains(id)) result.push_back(id);
  }
  return result;
}

std::set<ElementId> intersection(const std::set<ElementId>& a, const Ids& b) {
  std::set<ElementId> result;
  for (const ElementId& id : b) {
    if (a.contains(id)) result.insert(id);
  }
  return result;
}

/// What a list has of its own behind each of the common elements; those at the beginning under nothing.
std::map<std::optional<ElementId>, Ids> runs_of(const Ids& ids, const std::set<ElementId>& present,
                                                const std::set<ElementId>& common) {
  std::map<std::optional<ElementId>, Ids> runs;
  std::optional<ElementId> before;
  for (const ElementId& id : ids) {
    if (common.contains(id)) {
      before = id;
    } else if (present.contains(id)) {
      runs[before].push_back(id);
    }
  }
  return runs;
}

/// For each element of `before` the index of its equal in `after`.
std::vector<std::optional<std::size_t>> equals_in(const std::vector<std::string>& before,
                                                  const std::vector<std::string>& after) {
  std::vector<std::optional<std::size_t>> equals(before.size());
  for (const json::Pair& pair : json::aligned(before, after)) {
    if (pair.before && pair.after && before[*pair.before] == after[*pair.after]) equals[*pair.before] = pair.after;
  }
  return equals;
}

std::vector<std::string> canonical_items(json::Value list) {
  std::vector<std::string> texts;
  for (const json::Value item : list.items()) texts.push_back(json::canonical(item));
  return texts;
}

}  // namespace

std::optional<std::vector<ListElement>> elements_of_list(json::Value list, const ListFacts& facts) {
  std::vector<ListElement> elements;
  for (const json::Value item : list.items()) {
    std::optional<std::string> name = name_in_list(item, facts);
    if (!name) return std::nullopt;
    elements.push_back({std::move(*name), elements.size(), item});
  }
  return elements;
}

std::vector<ElementId> element_ids(const std::vector<ListElement>& base, const std::vector<ListElement>& side) {
  std::unordered_map<std::string_view, std::vector<json::Value>> olds;
  for (const ListElement& element : base) olds[element.name].push_back(element.value);
  std::unordered_map<std::string_view, std::vector<std::size_t>> groups;
  for (const ListElement& element : side) groups[element.name].push_back(element.index);
  Ids ids(side.size());
  for (const auto& [name, group] : groups) {
    const std::vector<json::Value>& old = olds[name];
    std::vector<bool> is_taken(old.size(), false);
    std::multimap<std::string, std::size_t> equals;
    // Nearly always there is one of each name.
    if (group.size() > 1 || old.size() > 1) {
      for (std::size_t copy = 0; copy < old.size(); ++copy) equals.emplace(json::canonical(old[copy]), copy);
    }
    std::vector<std::size_t> others;
    for (const std::size_t index : group) {
      const auto found = equals.empty() ? equals.end() : equals.find(json::canonical(side[index].value));
      if (found == equals.end()) {
        others.push_back(index);
        continue;
      }
      ids[index] = {side[index].name, found->second};
      is_taken[found->second] = true;
      equals.erase(found);
    }
    std::size_t copy = 0;
    for (const std::size_t index : others) {
      while (copy < old.size() && is_taken[copy]) ++copy;
      ids[index] = {side[index].name, copy++};
    }
  }
  return ids;
}

MergedOrder merged_list_order(const std::vector<ElementId>& base, const std::vector<ElementId>& ours,
                              const std::vector<ElementId>& theirs, const std::set<ElementId>& present,
                              ListOrder order) {
  const std::set<ElementId> common = intersection(intersection(present, ours), theirs);
  const std::set<ElementId> everywhere = intersection(common, base);
  const Ids old_order = only(base, everywhere);
  const Ids our_order = only(ours, everywhere);
  const Ids their_order = only(theirs, everywhere);
  MergedOrder merged;
  const bool is_theirs = order != ListOrder::free && our_order == old_order;
  merged.is_contested =
      order == ListOrder::meaningful && our_order != old_order && their_order != old_order && our_order != their_order;
  const auto our_runs = runs_of(ours, present, common);
  const auto their_runs = runs_of(theirs, present, common);
  const auto append_run = [&](const Ids& run) { merged.ids.insert(merged.ids.end(), run.begin(), run.end()); };
  const auto append_runs = [&](const std::optional<ElementId>& behind) {
    const auto our_run = our_runs.find(behind);
    const auto their_run = their_runs.find(behind);
    const Ids nothing;
    const Ids& a = our_run == our_runs.end() ? nothing : our_run->second;
    const Ids& b = their_run == their_runs.end() ? nothing : their_run->second;
    append_run(std::min(a, b));
    append_run(std::max(a, b));
  };
  append_runs(std::nullopt);
  for (const ElementId& id : is_theirs ? theirs : ours) {
    if (!common.contains(id)) continue;
    merged.ids.push_back(id);
    append_runs(id);
  }
  return merged;
}

std::vector<std::string> woven(const std::vector<std::string>& ours, const std::vector<std::string>& theirs) {
  const std::unordered_set<std::string_view> there(ours.begin(), ours.end());
  std::unordered_map<std::string_view, std::vector<std::string_view>> followers;
  std::string_view before;
  std::vector<std::string> names;
  for (const std::string& name : theirs) {
    if (there.contains(name)) {
      before = name;
    } else if (before.data() == nullptr) {
      names.push_back(name);
    } else {
      followers[before].push_back(name);
    }
  }
  for (const std::string& name : ours) {
    names.push_back(name);
    const auto found = followers.find(name);
    if (found != followers.end()) names.insert(names.end(), found->second.begin(), found->second.end());
  }
  return names;
}

std::vector<Chunk> chunks_of(json::Value base, json::Value ours, json::Value theirs) {
  const std::vector<std::string> olds = canonical_items(base);
  const std::vector<std::string> our_items = canonical_items(ours);
  const std::vector<std::string> their_items = canonical_items(theirs);
  const auto in_ours = equals_in(olds, our_items);
  const auto in_theirs = equals_in(olds, their_items);
  std::vector<Chunk> chunks;
  Chunk open;
  const auto close = [&](std::size_t at, std::size_t our_end, std::size_t their_end) {
    open.base.second = at;
    open.ours.second = our_end;
    open.theirs.second = their_end;
    const bool is_empty = open.base.first == at && open.ours.first == our_end && open.theirs.first == their_end;
    if (!is_empty) chunks.push_back(open);
  };
  for (std::size_t index = 0; index < olds.size(); ++index) {
    if (!in_ours[index] || !in_theirs[index]) continue;
    const std::size_t our_index = *in_ours[index];
    const std::size_t their_index = *in_theirs[index];
    close(index, our_index, their_index);
    chunks.push_back({{index, index + 1}, {our_index, our_index + 1}, {their_index, their_index + 1}});
    open.base.first = index + 1;
    open.ours.first = our_index + 1;
    open.theirs.first = their_index + 1;
  }
  close(olds.size(), our_items.size(), their_items.size());
  return chunks;
}

}  // namespace flowship::flow
