#pragma once

#include "flow/model/flow.hpp"
#include "flow/model/overrides.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// What is known of a flow besides what the service holds of it.
struct Origin {
  /// As it is written in the repository.
  const Flow& source;
  /// What the environment changes in it.
  const Overrides& overrides;
  /// What the service was sent the last time, and what it made of that; null where it is not known.
  const Flow* sent = nullptr;
  const Flow* after = nullptr;
};

struct Adopted {
  Flow flow;
  /// The pointers of `set` at which the service holds something else than the environment sets, which no source can
  /// say.
  std::vector<std::string> beyond_source;
};

/// The inverse of deploying: `held`, the service's export, as its source would have to be. Connectors get the ids that
/// the source has for them, values that `set` overrides stay as the source has them, and what the service added by
/// itself to what it was sent is left out.
Adopted adopted(const Flow& held, const Origin& origin);

}  // namespace flowship::flow
