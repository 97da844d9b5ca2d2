#pragma once

#include "flow/model/flow.hpp"
#include "flow/model/overrides.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// What is known about a flow besides its export.
struct Origin {
  /// As it is written in the repository.
  const Flow& source;
  /// What the environment changes in it.
  const Overrides& overrides;
  /// What was sent last, and what the service returned afterwards; null if unknown.
  const Flow* sent = nullptr;
  const Flow* after = nullptr;
  /// Pointers whose values stay as they are in the source, because differences there are no drift.
  std::vector<std::string> ignored = {};
};

struct Adopted {
  Flow flow;
  /// The pointers of `set` where the service has another value than the environment sets: no source can express that.
  std::vector<std::string> beyond_source;
};

/// The inverse of deploying: the source that would lead to `held`, the service's export. Connectors get the source's
/// ids, values that `set` overrides stay as they are in the source, and what the service added by itself is left out.
Adopted adopted(const Flow& held, const Origin& origin);

/// A live flow with the sets of which only the order differs from `base` in the order that they have there.
Flow with_orders_of(const Flow& base, const Flow& live);

}  // namespace flowship::flow
