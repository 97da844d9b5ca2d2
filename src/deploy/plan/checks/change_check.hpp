#pragma once

#include "deploy/config/config.hpp"
#include "deploy/config/server_policy.hpp"
#include "deploy/plan/checks/validation.hpp"
#include "git/revision.hpp"

#include <optional>
#include <string>

namespace flowship::deploy {

/// A change to check: from a commit to a revision of the same repository.
struct ChangeToCheck {
  /// Nothing: everything is new.
  std::optional<git::ObjectId> before;
  const git::Revision& after;
  std::optional<std::string> config_file;
  /// Of the server that the change was pushed to; may be null.
  const ServerPolicy* policy = nullptr;
};

/// Checks a change and reads little more than it touches: reports all findings of the flows that differ, and of the
/// others those that the change caused (a subflow or a shared interaction that is gone). A change of sources or rules
/// concerns every flow.
Validated validate_change(const ChangeToCheck& change);

}  // namespace flowship::deploy
