#pragma once

#include "deploy/live/session.hpp"
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
  enum class Uncommitted { refuse, overwrite };
  Uncommitted uncommitted = Uncommitted::refuse;
  int concurrency = 4;
};

/// Writes live flows into the working tree, which `workspace` must be of: into their existing files, or a new place;
/// and records them as deployed. A flow that fails stops no other.
Pulled pull(Workspace& workspace, const PullOptions& options, const Context& context);

}  // namespace flowship::deploy
