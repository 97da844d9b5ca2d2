#include "flow/merge/numbering.hpp"

#include "flow/layouts/layouts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace flowship::flow {

namespace {

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
  if (tasks.empty()) return numbering;
  const std::optional<std::vector<Sibling>> siblings = find_siblings("metadata.json");
  if (!siblings) return numbering;
  std::set<std::optional<Side>> sides;
  for (const Sibling& sibling : *siblings) sides.insert(side_beside(sibling, tasks));
  if (sides.size() == 1 && *sides.begin()) return numbering_for(**sides.begin(), versions, Role::contents);
  numbering.ids.clear();
  std::string names;
  for (const std::string& task : tasks) {
    numbering.contested.insert({"tasks", task});
    names += (names.empty() ? "`" : ", `") + task + "`";
  }
  numbering.reason = "Both sides added a task " + names +
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

Numbering numbering_of_metadata(const ThreeDocuments& versions, const FindSiblings& find_siblings) {
  const SharedTasks shared = shared_tasks(versions, Role::metadata);
  // A side that names no new task is the one that gets the new ids.
  if (shared.ours.empty() || shared.theirs.empty()) return {};
  const std::optional<std::vector<Sibling>> siblings = find_siblings("contents.json");
  if (!siblings) return {};
  std::vector<std::vector<NewId>> found;
  for (const Sibling& sibling : *siblings) {
    std::vector<NewId> ids = ids_beside(sibling, shared);
    if (std::find(found.begin(), found.end(), ids) == found.end()) found.push_back(std::move(ids));
  }
  if (found.size() == 1) return {.side = Side::theirs, .ids = found.front()};
  Numbering numbering;
  for (const std::string& id : shared_interaction_ids(versions.theirs->root(), Role::metadata)) {
    if (shared.theirs.contains(task_of_shared_interaction(id))) numbering.contested.insert({"sharedInteractions", id});
  }
  numbering.reason =
      "Both sides added shared interactions of new tasks, and it can't be told whether a task got another id in "
      "contents.json: merge both files by hand";
  return numbering;
}

}  // namespace

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
