#pragma once

#include "deploy/live/session.hpp"
#include "deploy/pull/live_merge.hpp"
#include "deploy/pull/pulled.hpp"
#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

struct PullOptions {
  Connection connection;
  /// The flows to pull; empty: all that the service has.
  std::vector<std::string> flows;
  /// The layout of flows that are not in the repository yet.
  flow::Layout layout = flow::Layout::snapshot;
  /// Which side decides conflicts.
  Resolve resolve = Resolve::nothing;
  /// What becomes of files at the place of a new flow.
  enum class Existing { refuse, overwrite };
  Existing existing = Existing::refuse;
  int concurrency = 4;
};

/// Merges live flows into the working tree, which `workspace` must be of: into their existing files, or a new place.
/// The ledger stays as it is. A flow that fails or is in conflict stops no other.
Pulled pull(Workspace& workspace, const PullOptions& options, const Context& context);

}  // namespace flowship::deploy
