#include "flow/merge/new_ids.hpp"

#include "flow/merge/references.hpp"
#include "flow/model/flow.hpp"
#include "flow/model/task_reference.hpp"
#include "json/compare.hpp"
#include "json/edit.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

namespace flowship::flow {

namespace {

using json::Type;
using json::Value;

std::string_view first_step(std::string_view id) {
  return id.ends_with(kSecondStep) ? id.substr(0, id.size() - kSecondStep.size()) : id;
}

std::string second_step(const std::string& first) { return first + std::string(kSecondStep); }

/// Where a document has its tasks and screens.
struct Parts {
  Value tasks;
  Value screens;
  Value shared_interactions;
  std::string_view screen_key = "screenId";
};

Parts parts_of(Value root, Role role) {
  Parts parts;
  if (role == Role::wrapped) return parts_of(root.find("flow"), Role::flow);
  if (role == Role::flow) {
    parts.tasks = root.find("contents").find("tasks");
    parts.screens = root.find("screens");
    parts.shared_interactions = root.find("metadata").find("sharedInteractions");
  } else if (role == Role::console) {
    parts.tasks = root.find("flow").find("dsl").find("tasks");
    parts.screens = root.find("screens");
    parts.screen_key = "id";
    parts.shared_interactions = root.find("flow").find("sharedInteractions");
  } else if (role == Role::contents) {
    parts.tasks = root.find("tasks");
  } else if (role == Role::metadata) {
    parts.shared_interactions = root.find("sharedInteractions");
  }
  return parts;
}

using ById = std::map<std::string, Value>;

ById tasks_by_id(const Parts& parts) {
  ById tasks;
  for (const json::Member& member : parts.tasks.members()) tasks.emplace(member.name(), member.value);
  return tasks;
}

ById screens_by_id(const Parts& parts) {
  ById screens;
  for (const Value screen : parts.screens.items()) {
    const std::string id = string_of(screen.find(parts.screen_key));
    if (!id.empty()) screens.emplace(id, screen);
  }
  return screens;
}

/// Adds the id with the name that it has among `there`.
void add_id(NewId id, const ById& there, std::vector<NewId>& ids) {
  id.name = string_of(there.at(id.from).find("name"));
  ids.push_back(std::move(id));
}

/// The second step goes with the first one, which gets the id `to`.
void add_second_step(const std::string& first, const std::string& to, const ById& there, std::vector<NewId>& ids) {
  const std::string second = second_step(first);
  if (there.contains(second)) add_id({NewId::Kind::task, second, second_step(to), {}}, there, ids);
}

/// Whether two tasks of one id are one thing that was edited twice, such as a task that was pulled, and then edited
/// again in the console.
bool is_one_task(Value a, Value b) {
  const auto is_same = [&](std::string_view name) { return json::equal(a.find(name), b.find(name)); };
  return (a.find("name") || a.find("view")) && is_same("name") && is_same("type") && is_same("action") &&
         is_same("screenId") && is_same("view");
}

/// The same of two screens: they have most of their nodes in common.
bool is_one_screen(Value a, Value b) {
  const auto nodes_of = [](Value screen) {
    std::set<std::string> nodes;
    for (const std::string_view name : {"contents", "htmlTemplate"}) {
      for (const json::Member& node : screen.find(name).members()) nodes.insert(node.name());
    }
    nodes.erase("ROOT");
    return nodes;
  };
  const std::set<std::string> nodes = nodes_of(a);
  const std::set<std::string> others = nodes_of(b);
  const auto common =
      std::count_if(nodes.begin(), nodes.end(), [&](const std::string& node) { return others.contains(node); });
  constexpr std::ptrdiff_t kFewest = 3;
  return common >= kFewest && static_cast<std::size_t>(common) * 4 >= std::max(nodes.size(), others.size()) * 3;
}

/// Counts an id on: `7` to one more than the greatest number, `step` to `step-2`.
class FreeIds {
 public:
  void add(const ById& there) {
    for (const auto& [id, value] : there) taken_.insert(id);
  }

  std::string after(const std::string& id) {
    const std::size_t last = id.find_last_not_of("0123456789");
    std::string stem = id.substr(0, last == std::string::npos ? 0 : last + 1);
    // More digits are no count but part of a random id.
    constexpr std::size_t kMostDigits = 6;
    const bool is_counted = stem.size() < id.size() && id.size() - stem.size() <= kMostDigits;
    if (!is_counted) stem = id + "-";
    int next = is_counted ? 0 : 2;
    if (const auto known = next_.find(stem); known != next_.end()) {
      next = known->second;
    } else {
      for (const std::string& other : taken_) next = std::max(next, number_after(stem, other) + 1);
    }
    while (taken_.contains(stem + std::to_string(next))) ++next;
    next_[stem] = next + 1;
    return *taken_.insert(stem + std::to_string(next)).first;
  }

 private:
  /// -1 if the id is not the stem and a number.
  static int number_after(const std::string& stem, const std::string& id) {
    const std::string_view first = first_step(id);
    if (!first.starts_with(stem)) return -1;
    const std::string_view digits = first.substr(stem.size());
    constexpr std::size_t kMostDigits = 6;
    int number = -1;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_number =
        failure == std::errc() && end == digits.data() + digits.size() && digits.size() <= kMostDigits;
    return is_number ? number : -1;
  }

  std::set<std::string> taken_;
  std::map<std::string, int> next_;
};

std::vector<std::string> colliding(const ById& base, const ById& kept, const ById& moved,
                                   bool (*is_one)(Value, Value)) {
  std::vector<std::string> ids;
  for (const auto& [id, value] : moved) {
    const auto there = kept.find(id);
    if (there == kept.end() || base.contains(id) || json::equal(there->second, value)) continue;
    if (!is_one(there->second, value)) ids.push_back(id);
  }
  // In the order of their numbers.
  std::stable_sort(ids.begin(), ids.end(),
                   [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  return ids;
}

/// Whether `now` is the task `old` under another id; the screen may have got another one too.
bool is_moved_task(Value old, Value now) {
  const auto is_same = [&](std::string_view name) { return json::equal(old.find(name), now.find(name)); };
  return bool(old.find("name")) && is_same("name") && is_same("type") && is_same("action") && is_same("view");
}

/// What of `olds` is in `now` under another id, while its own has something else.
std::vector<std::pair<std::string, std::string>> moved_among(const ById& olds, const ById& now,
                                                             bool (*is_moved)(Value, Value)) {
  std::vector<std::pair<std::string, std::string>> moved;
  for (const auto& [id, old] : olds) {
    const auto there = now.find(id);
    if (there == now.end() || is_moved(old, there->second)) continue;
    std::vector<std::string> places;
    for (const auto& [other, value] : now) {
      if (!olds.contains(other) && is_moved(old, value)) places.push_back(other);
    }
    if (places.size() == 1) moved.emplace_back(id, places.front());
  }
  return moved;
}

using Renamed = std::map<std::string, std::string>;

class Renaming {
 public:
  Renaming(Value root, Role role, const std::vector<NewId>& ids) : root_(root), role_(role) {
    for (const NewId& id : ids) (id.kind == NewId::Kind::task ? tasks_ : screens_).emplace(id.from, id.to);
  }

  std::vector<json::Replacement> replacements() {
    const Parts parts = parts_of(root_, role_);
    for (const json::Member& member : parts.tasks.members()) {
      replace(member.key, tasks_);
      replace(member.value.find("id"), tasks_);
    }
    for (const Value screen : parts.screens.items()) replace(screen.find(parts.screen_key), screens_);
    for (const Value shared : parts.shared_interactions.items()) replace_task_of_shared(shared.find("id"));
    for (const Reference& reference : references_in(root_, role_).all) {
      const auto size = reference.target.size();
      const std::string& list = size < 2 ? reference.target.back() : reference.target[size - 2];
      if (list == "tasks") replace(reference.at, tasks_);
      if (list == "screens") replace(reference.at, screens_);
    }
    return std::move(replacements_);
  }

 private:
  void replace(Value at, const Renamed& renamed) {
    if (!at.is(Type::string)) return;
    const auto found = renamed.find(at.string());
    if (found != renamed.end()) put(at, found->second);
  }

  void replace_task_of_shared(Value at) {
    const std::string id = string_of(at);
    const auto found = tasks_.find(task_of_shared_interaction(id));
    if (found != tasks_.end()) put(at, found->second + id.substr(found->first.size()));
  }

  /// A value can be found in two ways.
  void put(Value at, const std::string& id) {
    if (seen_.insert(at.text().data()).second) replacements_.push_back({at, json::quoted(id)});
  }

  Value root_;
  Role role_;
  Renamed tasks_;
  Renamed screens_;
  std::set<const char*> seen_;
  std::vector<json::Replacement> replacements_;
};

}  // namespace

std::vector<NewId> new_ids(Value base, Value kept, Value moved, Role role) {
  const Parts olds = parts_of(base, role);
  const Parts kept_parts = parts_of(kept, role);
  const Parts moved_parts = parts_of(moved, role);
  std::vector<NewId> ids;
  const ById old_tasks = tasks_by_id(olds);
  const ById kept_tasks = tasks_by_id(kept_parts);
  const ById tasks = tasks_by_id(moved_parts);
  FreeIds free_tasks;
  for (const ById* there : {&old_tasks, &kept_tasks, &tasks}) free_tasks.add(*there);
  std::set<std::string> firsts;
  for (const std::string& id : colliding(old_tasks, kept_tasks, tasks, is_one_task)) {
    const std::string first(first_step(id));
    // The second step goes with the first one, which has to be new itself.
    if (!old_tasks.contains(first) && (tasks.contains(first) || first == id)) firsts.insert(first);
  }
  std::vector<std::string> sorted(firsts.begin(), firsts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  for (const std::string& first : sorted) {
    const std::string free = free_tasks.after(first);
    add_id({NewId::Kind::task, first, free, {}}, tasks, ids);
    if (!old_tasks.contains(second_step(first))) add_second_step(first, free, tasks, ids);
  }
  const ById old_screens = screens_by_id(olds);
  const ById kept_screens = screens_by_id(kept_parts);
  const ById screens = screens_by_id(moved_parts);
  FreeIds free_screens;
  for (const ById* there : {&old_screens, &kept_screens, &screens}) free_screens.add(*there);
  for (const std::string& id : colliding(old_screens, kept_screens, screens, is_one_screen)) {
    ids.push_back({NewId::Kind::screen, id, free_screens.after(id), {}});
  }
  return ids;
}

std::vector<NewId> moved_ids(Value base, Value side, Role role) {
  const Parts olds = parts_of(base, role);
  const Parts now = parts_of(side, role);
  std::vector<NewId> moved;
  const ById old_tasks = tasks_by_id(olds);
  const ById tasks = tasks_by_id(now);
  for (const auto& [id, to] : moved_among(old_tasks, tasks, is_moved_task)) {
    if (first_step(id) != id) continue;
    add_id({NewId::Kind::task, id, to, {}}, old_tasks, moved);
    add_second_step(id, to, old_tasks, moved);
  }
  for (const auto& [id, to] : moved_among(screens_by_id(olds), screens_by_id(now), is_one_screen)) {
    moved.push_back({NewId::Kind::screen, id, to, {}});
  }
  return moved;
}

std::vector<NewId> making_room(const std::vector<NewId>& moved, Value base, Value side, Value other, Role role) {
  const Parts old_parts = parts_of(base, role);
  const Parts side_parts = parts_of(side, role);
  const Parts parts = parts_of(other, role);
  std::vector<NewId> ids;
  for (const NewId::Kind kind : {NewId::Kind::task, NewId::Kind::screen}) {
    const auto by_id = kind == NewId::Kind::task ? tasks_by_id : screens_by_id;
    const ById olds = by_id(old_parts);
    const ById there = by_id(parts);
    FreeIds free;
    for (const ById& taken : {olds, by_id(side_parts), there}) free.add(taken);
    for (const NewId& id : moved) {
      if (id.kind != kind || !there.contains(id.to) || olds.contains(id.to) || first_step(id.to) != id.to) continue;
      const std::string next = free.after(id.to);
      add_id({kind, id.to, next, {}}, there, ids);
      if (kind == NewId::Kind::task) add_second_step(id.to, next, there, ids);
    }
  }
  return ids;
}

std::vector<std::string> shared_interaction_ids(Value root, Role role) {
  std::vector<std::string> ids;
  for (const Value shared : parts_of(root, role).shared_interactions.items()) {
    ids.push_back(string_of(shared.find("id")));
  }
  return ids;
}

std::string task_of_shared_interaction(const std::string& id) {
  const std::size_t dot = id.rfind('.');
  return dot == std::string::npos ? std::string() : id.substr(0, dot);
}

json::DocumentPtr with_new_ids(const json::DocumentPtr& document, Role role, const std::vector<NewId>& ids) {
  if (ids.empty()) return document;
  Renaming renaming(document->root(), role, ids);
  return json::Document::parse(json::with_replacements(*document, renaming.replacements()), document->name());
}

}  // namespace flowship::flow
