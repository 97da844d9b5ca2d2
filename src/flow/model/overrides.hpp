#pragma once

#include "flow/model/flow.hpp"

#include <map>
#include <string>

namespace flowship::flow {

/// What an environment changes in its flows (flowship.json's `connectors`, `roles` and `set`).
struct Overrides {
  /// A connector's name to its id in this project.
  std::map<std::string, std::string> connectors;
  /// By flow id and JSON Pointer into the flow: values as JSON texts.
  std::map<std::string, std::map<std::string, std::string>> set;
  /// A role's name to its id in this project.
  std::map<std::string, std::string> roles = {};

  bool operator==(const Overrides&) const = default;
};

/// `flow` with the overrides applied: first every string that is the id of a mapped connector or role in the flow's
/// own `references` is replaced, then `set`. Everything else stays as written. Throws an `Error` for a pointer
/// to something that does not exist; only its last token may be new, in an existing object. `flowId` can't be set.
Flow overridden(const Flow& flow, const Overrides& overrides);

/// Whether `overrides` may change `flow`.
bool touches(const Overrides& overrides, const Flow& flow);

}  // namespace flowship::flow
