#pragma once

#include "flow/model/flow.hpp"
#include "json/document.hpp"
#include "json/pointer.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// A place where two flows differ. Unlike a `json::Difference` it knows that the elements of some lists (rules,
/// conditions, interactions, a node's children) have a name of their own, by which they are matched.
struct Edit {
  enum class Kind { value, order };
  Kind kind = Kind::value;
  /// Where, with an element's name in the place of its index.
  json::Pointer path;
  /// Where, as a JSON Pointer: into the flow as it is now, or into the old one for what it has alone.
  std::string pointer;
  /// Absent where only the other has it. For an order, the two lists.
  json::Value before;
  json::Value after;
};

/// Everything that `differences` finds, in other words: empty for the same flows alone. Views into both.
std::vector<Edit> edits(const Flow& before, const Flow& after);

}  // namespace flowship::flow
