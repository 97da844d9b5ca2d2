#pragma once

#include "flow/model/flow.hpp"
#include "json/document.hpp"
#include "json/pointer.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// A place where two flows differ. Unlike a `json::Difference`, it matches the elements of some lists (rules,
/// conditions, interactions, a node's children) by name.
struct Edit {
  enum class Kind { value, order };
  Kind kind = Kind::value;
  /// Where, with an element's name instead of its index.
  json::Pointer path;
  /// Where, as a JSON Pointer: into the new flow, or into the old one for what only that has.
  std::string pointer;
  /// Absent if only the other flow has it. For an order, the two lists.
  json::Value before;
  json::Value after;
};

/// Covers everything that `differences` finds: empty if and only if the flows are the same. Views into both.
std::vector<Edit> edits(const Flow& before, const Flow& after);

}  // namespace flowship::flow
