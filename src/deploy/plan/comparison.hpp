#pragma once

#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/workspace.hpp"
#include "flow/layouts/reading.hpp"

#include <optional>
#include <vector>

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

/// Whether the files of a flow at `revision` are those that were deployed, by path and bytes.
bool are_same_files(const git::Revision& revision, const std::vector<git::Entry>& files,
                    const std::vector<git::Entry>& deployed);

}  // namespace flowship::deploy
