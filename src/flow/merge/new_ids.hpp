#pragma once

#include "flow/merge/schema.hpp"
#include "json/document.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// A task or screen that got another id.
struct NewId {
  enum class Kind { task, screen };
  Kind kind = Kind::task;
  std::string from;
  std::string to;
  /// The task's name; may be empty.
  std::string name;
  bool operator==(const NewId&) const = default;
};

/// The new ids that tasks and screens of `moved` need: those that `kept` and `moved` both have under one id, `base`
/// does not, and that are not the same thing edited twice. Ids are free in all three documents.
std::vector<NewId> new_ids(json::Value base, json::Value kept, json::Value moved, Role role);

/// The new ids that `side` gave to what `base` has, while the old ones have something else there: as a merge does where
/// both sides added something under one id.
std::vector<NewId> moved_ids(json::Value base, json::Value side, Role role);

/// The new ids that `other` needs for its own tasks and screens under the ids `moved` of `side`.
std::vector<NewId> making_room(const std::vector<NewId>& moved, json::Value base, json::Value side, json::Value other,
                               Role role);

/// The ids of the shared interactions that the document has.
std::vector<std::string> shared_interaction_ids(json::Value root, Role role);

/// The task that a shared interaction `<taskId>.<name>` names; empty if it names none.
std::string task_of_shared_interaction(const std::string& id);

/// The document with these ids, in every reference too.
json::DocumentPtr with_new_ids(const json::DocumentPtr& document, Role role, const std::vector<NewId>& ids);

}  // namespace flowship::flow
