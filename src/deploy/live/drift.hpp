#pragma once

#include <string>
#include <vector>

namespace flowship::deploy {

/// One value that the service holds otherwise than it was left there.
struct DriftDifference {
  /// A pointer into the flow, such as `/metadata/name`.
  std::string pointer;
  /// The beginnings of the values' JSON texts; empty where there is none.
  std::string deployed;
  std::string held;
};

/// A flow of which the service holds something else than the last deployment left there.
struct Drift {
  std::string flow_id;
  /// The service does not have it any more.
  bool missing = false;
  std::vector<DriftDifference> differences;
};

}  // namespace flowship::deploy
