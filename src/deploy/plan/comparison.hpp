#pragma once

#include "deploy/config/config.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/flow_index.hpp"
#include "flow/layouts/reading.hpp"
#include "git/revision.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The flows whose files differ between what is deployed and a revision, read from both sides. Flows with equal files
/// are on neither side, unless `everything` was asked for.
struct Comparison {
  /// From the ledger's `deployed/`.
  flow::Reading before;
  /// From the revision.
  flow::Reading after;
};

struct ComparisonInputs {
  const git::Repository& repository;
  const git::Revision& revision;
  const Config& config;
  const Ledger& ledger;
  /// Nothing before the first deployment.
  const std::optional<LedgerEntry>& head;
  /// Read every flow, because something other than files may have changed them.
  bool everything = false;
};

/// Compares tree against tree and reads only what differs, so that the cost follows the change.
Comparison compare(const ComparisonInputs& inputs);

}  // namespace flowship::deploy
