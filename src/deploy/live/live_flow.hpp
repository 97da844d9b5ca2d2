#pragma once

#include "deploy/live/classify.hpp"
#include "flow/model/flow.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// One value of a flow that was changed outside flowship since the last deployment.
struct DriftDifference {
  /// A pointer into the flow, such as `/metadata/name`.
  std::string pointer;
  /// The beginnings of the values' JSON texts; empty where there is none.
  std::string deployed;
  std::string held;
};

/// A flow whose live state differs from the last deployed state.
struct Drift {
  std::string flow_id;
  /// Deleted in the console.
  bool missing = false;
  std::vector<DriftDifference> differences;
};

/// A flow as the service exports it.
struct LiveVersion {
  flow::Flow flow;
  /// One member a line, sorted: how it is kept in the ledger.
  std::string text;
};

/// The live state of one flow, compared with what was deployed and what is desired.
struct LiveFlow {
  LiveMatch match = LiveMatch::as_deployed;
  /// Nothing where the service doesn't have the flow, and where only the comparison was asked for.
  std::optional<LiveVersion> version;
  /// Of the service's version; empty where it has none.
  std::string digest;
  /// For an edited flow, how it differs from what was deployed.
  std::vector<DriftDifference> differences;

  bool is_absent() const { return digest.empty(); }
};

}  // namespace flowship::deploy
