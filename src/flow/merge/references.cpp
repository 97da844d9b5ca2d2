#include "flow/merge/references.hpp"

#include "flow/merge/new_ids.hpp"
#include "flow/merge/three_way.hpp"
#include "flow/model/flow.hpp"
#include "flow/model/task_reference.hpp"

#include <optional>
#include <utility>

namespace flowship::flow {

namespace {

using json::Pointer;
using json::Type;
using json::Value;

Pointer path_below(Pointer path, std::string token) {
  path.push_back(std::move(token));
  return path;
}

/// The name of each element, or its index.
std::vector<std::string> tokens_of(Value list, Role role) {
  const ListFacts facts = facts_of_lists(role, list, list, list);
  std::vector<std::string> tokens;
  const auto elements = facts.identity == Identity::none ? std::nullopt : elements_of_list(list, facts);
  for (std::size_t index = 0; index < list.size(); ++index) {
    tokens.push_back(elements ? (*elements)[index].name : std::to_string(index));
  }
  return tokens;
}

class ReferenceReader {
 public:
  explicit ReferenceReader(const std::optional<Pointer>& screens) : screens_(screens) {}

  void read(Value value, Role role, const Pointer& path) {
    if (role == Role::contents) tasks_ = path_below(path, "tasks");
    if (role == Role::nodes) nodes_ = path;
    const bool is_target =
        role == Role::task || role == Role::node || role == Role::screen || role == Role::console_screen;
    if (is_target && !path.empty()) found_.targets.insert(path);
    if (value.is(Type::array)) read_items(value, role, path);
    for (const json::Member& member : value.members()) {
      const std::string name = member.name();
      const Role inner = role_in(role, name);
      const Pointer place = path_below(path, name);
      if (role == Role::contents && name == "startTask") add(member.value, place, tasks_);
      if (role == Role::task && name == "screenId" && screens_) add(member.value, place, *screens_);
      if (role == Role::node && name == "parent") add(member.value, place, nodes_);
      if (role == Role::task && inner != Role::nodes) {
        read_task(member.value, inner, name, place);
      } else if (inner != Role::other) {
        read(member.value, inner, place);
      }
    }
  }

  References take() { return std::move(found_); }

 private:
  void read_items(Value list, Role role, const Pointer& path) {
    const std::vector<std::string> tokens = tokens_of(list, role);
    std::size_t index = 0;
    for (const Value item : list.items()) {
      // The list as a whole holds its children.
      if (role == Role::children) add(item, path, nodes_);
      if (const Role inner = role_in(role, {}); inner != Role::other)
        read(item, inner, path_below(path, tokens[index]));
      ++index;
    }
  }

  /// Whatever in a task names another one: a rule, an argument, the handling of an error.
  void read_task(Value value, Role role, const std::string& name, const Pointer& path) {
    if (names_a_task(name)) {
      const bool is_inline = value.find("type").is_string("inline") || !value.find("type");
      add(value.is(Type::object) && is_inline ? value.find("value") : value, path, tasks_);
      return;
    }
    for (const json::Member& member : value.members()) {
      const std::string inner = member.name();
      read_task(member.value, role_in(role, inner), inner, path_below(path, inner));
    }
    if (!value.is(Type::array)) return;
    const std::vector<std::string> tokens = tokens_of(value, role);
    std::size_t index = 0;
    for (const Value item : value.items()) {
      read_task(item, role_in(role, {}), {}, path_below(path, tokens[index++]));
    }
  }

  void add(Value at, const Pointer& path, const Pointer& targets) {
    if (at.is(Type::string) && at.text().size() > 2) found_.all.push_back({path, path_below(targets, at.string()), at});
  }

  std::optional<Pointer> screens_;
  Pointer tasks_;
  Pointer nodes_;
  References found_;
};

std::optional<Pointer> path_of_screens(Value root, Role role) {
  if (role == Role::wrapped)
    return root.find("flow").find("screens") ? std::optional(Pointer{"flow", "screens"}) : std::nullopt;
  const bool is_whole = role == Role::flow || role == Role::console;
  return is_whole && root.find("screens") ? std::optional(Pointer{"screens"}) : std::nullopt;
}

/// Where a whole flow has its shared interactions, and the tasks that they name.
struct SharedPlaces {
  Pointer shared;
  Pointer tasks;
};

std::optional<SharedPlaces> shared_places(Role role) {
  if (role == Role::flow) return SharedPlaces{{"metadata", "sharedInteractions"}, {"contents", "tasks"}};
  if (role == Role::wrapped) {
    return SharedPlaces{{"flow", "metadata", "sharedInteractions"}, {"flow", "contents", "tasks"}};
  }
  if (role == Role::console) return SharedPlaces{{"flow", "sharedInteractions"}, {"flow", "dsl", "tasks"}};
  return std::nullopt;
}

void add_shared(Value root, const SharedPlaces& places, References& found) {
  const Value list = json::resolve(root, places.shared);
  if (!list.is(Type::array)) return;
  const std::vector<std::string> tokens = tokens_of(list, Role::interactions);
  std::size_t index = 0;
  for (const Value shared : list.items()) {
    const Value id = shared.find("id");
    const std::string task = task_of_shared_interaction(string_of(id));
    const std::string& token = tokens[index++];
    if (!task.empty()) found.all.push_back({path_below(places.shared, token), path_below(places.tasks, task), id});
  }
}

}  // namespace

References references_in(Value root, Role role) {
  ReferenceReader reader(path_of_screens(root, role));
  reader.read(root, role, {});
  References found = reader.take();
  if (const auto places = shared_places(role)) add_shared(root, *places, found);
  return found;
}

Value at_path(Value root, Role role, const Pointer& path) {
  for (const std::string& token : path) {
    if (root.is(Type::object)) {
      root = root.find(token);
      role = role_in(role, token);
      continue;
    }
    if (!root.is(Type::array)) return {};
    const std::vector<std::string> tokens = tokens_of(root, role);
    Value found;
    std::size_t index = 0;
    for (const Value item : root.items()) {
      if (tokens[index++] == token && !found) found = item;
    }
    root = found;
    role = role_in(role, {});
  }
  return root;
}

Pointer path_of(Value root, Role role, const Pointer& pointer) {
  Pointer path;
  for (const std::string& token : pointer) {
    if (root.is(Type::array)) {
      const std::vector<std::string> tokens = tokens_of(root, role);
      const Value item = json::resolve(root, {token});
      if (!item) return path;
      path.push_back(tokens[static_cast<std::size_t>(std::stoul(token))]);
      root = item;
      role = role_in(role, {});
    } else {
      root = root.find(token);
      if (!root) return path;
      path.push_back(token);
      role = role_in(role, token);
    }
  }
  return path;
}

}  // namespace flowship::flow
