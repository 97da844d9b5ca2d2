#pragma once

#include "deploy/ledger/ledger.hpp"
#include "deploy/plan/workspace.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace flowship::deploy {

/// Which commits `deploy` takes.
struct TargetRules {
  /// Whether the revision is `HEAD`, rather than named.
  bool is_head = false;
  bool any_branch = false;
  bool allow_older = false;
  /// An older target is no error: nothing is sent.
  bool skip_superseded = false;
};

/// `--rev v2 --any-branch`: what a command to copy needs to take the same target, by its revision.
std::string target_options(const std::optional<TargetRules>& rules, const std::string& revision);

/// The error for a branch that is checked out and is not the environment's; nothing where HEAD is detached, and for a
/// named revision that is on the environment's branch, here or at the ledger's remote, which is asked last.
std::optional<Error> wrong_branch(const Workspace& workspace, const TargetRules& rules,
                                  std::chrono::milliseconds git_limit);

/// What the target is older than, as a clause ("`main` is at 1a2b3c4d by now"); nothing if it is not older. `last` is
/// the last deployment. Asks the ledger's remote, where there is one, for the environment's branch.
std::optional<std::string> superseded(const Workspace& workspace, const std::optional<LedgerEntry>& last,
                                      std::chrono::milliseconds git_limit);

/// The error for an older target.
Error older_target(const Workspace& workspace, const std::string& why);

/// A warning about uncommitted changes of flowship.json, which are not deployed; git is run only if its bytes differ.
std::optional<std::string> uncommitted_config(const Workspace& workspace);
/// The same about flows. Looks at the whole working tree.
std::optional<std::string> uncommitted_flows(const Workspace& workspace);

}  // namespace flowship::deploy
