#pragma once

#include "flow/model/flow.hpp"
#include "json/pointer.hpp"

#include <string>
#include <unordered_map>

namespace flowship::flow {

/// A flow, which must outlive it, for looking up values by the paths of `differences`.
class FlowValues {
 public:
  explicit FlowValues(const Flow& flow);

  /// The value at a path; absent if there is none, or if several screens have the id.
  json::Value value_at(const json::Pointer& path) const;

 private:
  const Flow& flow_;
  /// By id; null for an id that several have.
  std::unordered_map<std::string, const Screen*> screens_;
};

}  // namespace flowship::flow
