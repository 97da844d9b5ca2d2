#pragma once

#include "flow/model/flow.hpp"

#include <map>
#include <string>

namespace flowship::flow {

/// What an environment changes in the flows that it is sent (flowship.json's `connectors` and `set`).
struct Overrides {
  /// A connector's name to its id in this project.
  std::map<std::string, std::string> connectors;
  /// A flow's id to values by JSON Pointer into the flow; the values are JSON texts.
  std::map<std::string, std::map<std::string, std::string>> set;

  bool operator==(const Overrides&) const = default;
};

/// `flow` with the overrides carried out: every string in it that equals the id which its own `references.connectors`
/// gives a mapped name is replaced, then `set`. All else stays as written. A pointer that leads nowhere is an error:
/// its last token may be a new member of an object that exists, but not of anything that does not. `flowId` can't be
/// set.
Flow overridden(const Flow& flow, const Overrides& overrides);

/// Whether `overrides` can make a difference to `flow`.
bool touches(const Overrides& overrides, const Flow& flow);

}  // namespace flowship::flow
