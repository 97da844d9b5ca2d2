#pragma once

#include "deploy/config/config.hpp"
#include "deploy/plan/validation.hpp"
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
};

/// Checks what a change means for the repository's flows, and reads little more than it touches: all that is to say
/// about the flows that differ, and of the others what the change has broken in them (a subflow or a shared interaction
/// that is gone). Where the change is one of sources or rules, it concerns every flow.
Validated validate_change(const ChangeToCheck& change);

}  // namespace flowship::deploy
