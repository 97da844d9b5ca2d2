#pragma once

#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/workspace.hpp"
#include "flow/layouts/reading.hpp"

#include <optional>

namespace flowship::deploy {

/// The flows whose files differ between `deployed/` and a revision, read from both sides. Flows with equal files are on
/// neither side, unless all were requested.
struct Comparison {
  /// From the ledger's `deployed/`.
  flow::Reading before;
  /// From the revision.
  flow::Reading after;
};

/// Compares tree against tree and reads only what differs, so that the cost follows the change. With `ReadFlows::all`
/// every flow is read, because something other than files may have changed them. `head`: nothing before the first
/// deployment.
enum class ReadFlows { changed, all };
Comparison compare(const Workspace& workspace, const std::optional<LedgerEntry>& head, ReadFlows flows);

}  // namespace flowship::deploy
