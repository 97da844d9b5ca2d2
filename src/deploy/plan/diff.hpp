#pragma once

#include "deploy/config/config.hpp"
#include "deploy/plan/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::git {
class Revision;
}

namespace flowship::deploy {

/// How the flows of two revisions of one repository differ, independent of ledger and environment.
struct Diff {
  /// A full commit id, `index` or `worktree`.
  std::string before;
  std::string after;
  /// By id. A flow that is new has no `before`, one that is gone no `flow`.
  std::vector<Change> changes;
  /// Flows that can't be compared, because one of the two can't be read.
  std::vector<std::string> warnings;
  /// What the changes do to the flows' guarantees.
  std::vector<GuaranteeChange> guarantees = {};
  /// One for each guarantee that is lost, as severe as flowship.json says.
  std::vector<check::Finding> findings = {};
};

/// Reads the flows of these sources whose files differ, from both revisions.
Diff diff(const git::Revision& before, const git::Revision& after, const Config& config,
          const std::vector<std::string>& sources);

/// The same with the sources of the configuration. The configuration, which says where flows lie, is that of
/// `after`, else the file. Without an environment the sources of all count.
Diff diff(const git::Revision& before, const git::Revision& after, const std::optional<std::string>& config_file,
          const std::string& environment = {});

}  // namespace flowship::deploy
