#pragma once

#include "flow/merge/schema.hpp"
#include "json/document.hpp"
#include "json/pointer.hpp"

#include <set>
#include <string>
#include <vector>

namespace flowship::flow {

/// A value that names a task, a screen or a node of the same document.
struct Reference {
  /// Paths name the elements of lists as `ThreeWay` does.
  json::Pointer path;
  json::Pointer target;
  json::Value at;
};

struct References {
  std::vector<Reference> all;
  /// The paths of the tasks, screens and nodes that there are.
  std::set<json::Pointer> targets;

  bool is_dangling(const Reference& reference) const { return !targets.contains(reference.target); }
};

/// Where the document has no list of screens (contents.json of a snapshot), references to screens are left out.
References references_in(json::Value root, Role role);

/// The value at a path of `ThreeWay`; absent if there is none.
json::Value at_path(json::Value root, Role role, const json::Pointer& path);

/// The path of what a JSON Pointer points to, as far as it exists.
json::Pointer path_of(json::Value root, Role role, const json::Pointer& pointer);

}  // namespace flowship::flow
