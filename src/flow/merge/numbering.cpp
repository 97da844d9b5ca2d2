#include "flow/merge/numbering.hpp"

#include "flow/layouts/layouts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace flowship::flow {

namespace {

using json::Value;
using Tasks = std::set<std::string>;

Tasks without(const Tasks& tasks, const Tasks& others) {
  Tasks rest;
  std::set_difference(tasks.begin(), tasks.end(), others.begin(), others.end(), std::inserter(rest, rest.end()));
  return rest;
}

bool have_common(const Tasks& a, const Tasks& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& task) { return b.contains(task); });
}

/// The tasks that each side's shared interactions name, and the base's don't.
struct SharedTasks {
  Tasks ours;
  Tasks theirs;
};

SharedTasks shared_tasks(const ThreeDocuments& versions, Role role) {
  const auto tasks_of = [role](const json::DocumentPtr& version) {
    Tasks tasks;
    for (const std::string& id : shared_interaction_ids(version->root(), role)) {
      tasks.insert(task_of_shared_interaction(id));
    }
    tasks.erase("");
    return tasks;
  };
  const Tasks olds = tasks_of(versions.base);
  return {without(tasks_of(versions.ours), olds), without(tasks_of(versions.theirs), olds)};
}

/// An absent file is an empty object; nothing if a version is not JSON.
std::optional<ThreeDocuments> documents_of(const git::ThreeVersions& texts) {
  const auto read = [](const std::string& text) {
    return json::Document::read(text.empty() ? std::string("{}") : text).document;
  };
  ThreeDocuments versions{read(texts.base), read(texts.ours), read(texts.theirs)};
  if (!versions.base || !versions.ours || !versions.theirs) return std::nullopt;
  return versions;
}

/// The tasks that one side removed.
struct RemovedTasks {
  Tasks ours;
  Tasks theirs;
};

RemovedTasks removed_tasks(const ThreeDocuments& contents) {
  const auto tasks_of = [](const json::DocumentPtr& version) {
    Tasks tasks;
    for (const json::Member& task : version->root().find("tasks").members()) tasks.insert(task.name());
    return tasks;
  };
  const Tasks olds = tasks_of(contents.base);
  return {without(olds, tasks_of(contents.ours)), without(olds, tasks_of(contents.theirs))};
}

/// The tasks that one side removed and the other added shared interactions of.
Tasks missed_tasks(const RemovedTasks& removed, const SharedTasks& shared) {
  Tasks missed;
  for (const auto& [gone, named] :
       {std::pair(&removed.ours, &shared.theirs), std::pair(&removed.theirs, &shared.ours)}) {
    std::set_intersection(gone->begin(), gone->end(), named->begin(), named->end(),
                          std::inserter(missed, missed.end()));
  }
  return missed;
}

std::string listed_tasks(const Tasks& tasks) {
  std::string text;
  for (const std::string& task : tasks) text += (text.empty() ? "`" : ", `") + task + "`";
  return text;
}

std::string missed_reason(const Tasks& tasks) {
  return "One side removed the task " + listed_tasks(tasks) + ", of which the other added shared interactions";
}

Tasks tasks_among(const std::vector<NewId>& ids) {
  Tasks tasks;
  for (const NewId& id : ids) {
    if (id.kind == NewId::Kind::task) tasks.insert(id.from);
  }
  return tasks;
}

/// The side whose tasks are named nowhere else keeps its references if it gets the new ids.
Side side_for(const SharedTasks& shared, const Tasks& tasks) {
  return have_common(shared.theirs, tasks) && !have_common(shared.ours, tasks) ? Side::ours : Side::theirs;
}

/// The side for a contents.json beside a metadata.json; nothing where neither is right.
std::optional<Side> side_beside(const Sibling& metadata, const Tasks& tasks) {
  const auto& [base, ours, theirs] = metadata.versions;
  const std::optional<ThreeDocuments> versions = documents_of(metadata.versions);
  if (!versions) return std::nullopt;
  const SharedTasks shared = shared_tasks(*versions, Role::metadata);
  const bool is_one_sided = ours == base || theirs == base;
  const bool is_named = have_common(shared.ours, tasks) || have_common(shared.theirs, tasks);
  const bool is_untold = ours == theirs || (!is_one_sided && !metadata.is_merged_by_identity);
  if (is_named && is_untold) return std::nullopt;
  return side_for(shared, tasks);
}

Numbering numbering_of_contents(const ThreeDocuments& versions, const FindSiblings& find_siblings) {
  Numbering numbering = numbering_for(Side::theirs, versions, Role::contents);
  const Tasks tasks = tasks_among(numbering.ids);
  const RemovedTasks removed = removed_tasks(versions);
  if (tasks.empty() && removed.ours.empty() && removed.theirs.empty()) return numbering;
  const std::optional<std::vector<Sibling>> siblings = find_siblings("metadata.json");
  if (!siblings) return numbering;
  for (const Sibling& sibling : *siblings) {
    const std::optional<ThreeDocuments> metadata = documents_of(sibling.versions);
    if (!metadata) continue;
    const Tasks missed = missed_tasks(removed, shared_tasks(*metadata, Role::metadata));
    for (const std::string& task : missed) numbering.contested.insert({"tasks", task});
    if (!missed.empty()) numbering.reason = missed_reason(missed);
  }
  if (tasks.empty()) return numbering;
  std::set<std::optional<Side>> sides;
  for (const Sibling& sibling : *siblings) sides.insert(side_beside(sibling, tasks));
  if (sides.size() == 1 && *sides.begin()) {
    numbering.side = **sides.begin();
    numbering.ids = numbering_for(numbering.side, versions, Role::contents).ids;
    return numbering;
  }
  numbering.ids.clear();
  for (const std::string& task : tasks) numbering.contested.insert({"tasks", task});
  numbering.reason = "Both sides added a task " + listed_tasks(tasks) +
                     ", and it can't be told which of the two metadata.json names: give one of them another id, in "
                     "both files";
  return numbering;
}

/// The ids that theirs gets in contents.json; none where metadata.json names no task that gets another id.
std::vector<NewId> ids_beside(const Sibling& contents, const SharedTasks& shared) {
  const std::optional<ThreeDocuments> versions = documents_of(contents.versions);
  if (!versions || !contents.is_merged_by_identity) return {};
  for (const json::DocumentPtr& version : {versions->ours, versions->theirs}) {
    if (!is_graph(version->root())) return {};
  }
  std::vector<NewId> ids = numbering_for(Side::theirs, *versions, Role::contents).ids;
  const Tasks tasks = tasks_among(ids);
  const bool is_renumbered = have_common(shared.theirs, tasks) && side_for(shared, tasks) == Side::theirs;
  return is_renumbered ? ids : std::vector<NewId>();
}

/// Makes a conflict of the shared interactions of `tasks` that a side added.
void contest_shared(const ThreeDocuments& versions, const Tasks& tasks, std::string reason, Numbering& numbering) {
  for (const json::DocumentPtr& version : {versions.ours, versions.theirs}) {
    for (const std::string& id : shared_interaction_ids(version->root(), Role::metadata)) {
      if (tasks.contains(task_of_shared_interaction(id))) numbering.contested.insert({"sharedInteractions", id});
    }
  }
  numbering.reason = std::move(reason);
}

Numbering numbering_of_metadata(const ThreeDocuments& versions, const FindSiblings& find_siblings) {
  const SharedTasks shared = shared_tasks(versions, Role::metadata);
  Numbering numbering;
  if (shared.ours.empty() && shared.theirs.empty()) return numbering;
  const std::optional<std::vector<Sibling>> siblings = find_siblings("contents.json");
  if (!siblings) return numbering;
  std::vector<std::vector<NewId>> found;
  for (const Sibling& sibling : *siblings) {
    std::vector<NewId> ids = ids_beside(sibling, shared);
    if (std::find(found.begin(), found.end(), ids) == found.end()) found.push_back(std::move(ids));
    const std::optional<ThreeDocuments> contents = documents_of(sibling.versions);
    const Tasks missed = contents ? missed_tasks(removed_tasks(*contents), shared) : Tasks();
    if (!missed.empty()) contest_shared(versions, missed, missed_reason(missed), numbering);
  }
  // A side that names no new task is the one that gets the new ids.
  if (shared.ours.empty() || shared.theirs.empty()) return numbering;
  if (found.size() == 1) {
    numbering.ids = found.front();
    return numbering;
  }
  contest_shared(versions, shared.theirs,
                 "Both sides added shared interactions of new tasks, and it can't be told whether a task got another "
                 "id in contents.json: merge both files by hand",
                 numbering);
  return numbering;
}

/// The tasks that are named by a metadata.json beside, in any version.
bool are_shared(const Tasks& tasks, const FindSiblings& find_siblings) {
  const std::optional<std::vector<Sibling>> siblings = find_siblings("metadata.json");
  if (!siblings) return false;
  return std::any_of(siblings->begin(), siblings->end(), [&](const Sibling& sibling) {
    const std::optional<ThreeDocuments> versions = documents_of(sibling.versions);
    if (!versions) return false;
    const SharedTasks shared =
        shared_tasks({json::Document::parse("{}", ""), versions->ours, versions->theirs}, Role::metadata);
    return have_common(shared.ours, tasks) || have_common(shared.theirs, tasks);
  });
}

}  // namespace

FollowedIds follow_moved_ids(ThreeDocuments versions, Role role, const FindSiblings& find_siblings) {
  const Value base = versions.base->root();
  const std::vector<NewId> ours = moved_ids(base, versions.ours->root(), role);
  const std::vector<NewId> theirs = moved_ids(base, versions.theirs->root(), role);
  if (ours.empty() && theirs.empty()) return {std::move(versions), {}, {}, {}};
  const std::vector<NewId>& moved = ours.empty() ? theirs : ours;
  Tasks tasks = tasks_among(moved);
  if ((!ours.empty() && !theirs.empty() && ours != theirs) ||
      (role == Role::contents && are_shared(tasks, find_siblings))) {
    FollowedIds unclear{std::move(versions), {}, {}, {}};
    for (const std::string& task : tasks) unclear.contested.insert({"tasks", task});
    unclear.reason = "Since the versions parted, the task " + listed_tasks(tasks) + " got another id";
    return unclear;
  }
  FollowedIds followed;
  if (ours.empty() || theirs.empty()) {
    const bool is_by_ours = !ours.empty();
    const Value side = (is_by_ours ? versions.ours : versions.theirs)->root();
    json::DocumentPtr& other = is_by_ours ? versions.theirs : versions.ours;
    followed.new_ids = making_room(moved, base, side, other->root(), role);
    std::vector<NewId> all = followed.new_ids;
    all.insert(all.end(), moved.begin(), moved.end());
    other = with_new_ids(other, role, all);
  }
  versions.base = with_new_ids(versions.base, role, moved);
  followed.versions = std::move(versions);
  return followed;
}

Numbering numbering_for(Side side, const ThreeDocuments& versions, Role role) {
  const json::DocumentPtr& kept = side == Side::ours ? versions.theirs : versions.ours;
  const json::DocumentPtr& moved = side == Side::ours ? versions.ours : versions.theirs;
  return {.side = side, .ids = new_ids(versions.base->root(), kept->root(), moved->root(), role)};
}

Numbering numbering_of_file(const ThreeDocuments& versions, Role role, const FindSiblings& find_siblings) {
  if (role == Role::contents) return numbering_of_contents(versions, find_siblings);
  if (role == Role::metadata) return numbering_of_metadata(versions, find_siblings);
  Numbering numbering = numbering_for(Side::theirs, versions, role);
  const Side side = side_for(shared_tasks(versions, role), tasks_among(numbering.ids));
  return side == Side::theirs ? numbering : numbering_for(side, versions, role);
}

}  // namespace flowship::flow
