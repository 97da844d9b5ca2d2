#pragma once

#include "check/findings/finding.hpp"
#include "deploy/config/config.hpp"
#include "git/revision.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// What validation of a revision found.
struct Validated {
  /// How many flows were checked.
  int flows = 0;
  std::vector<check::Finding> findings;
};

/// Checks every flow of a revision; with `paths` only findings in those files or folders (relative to the root) are
/// reported, though everything is read for the rules across flows.
Validated validate(const git::Revision& revision, const Config& config, const std::vector<std::string>& paths);

}  // namespace flowship::deploy
