#pragma once

#include "check/findings/finding.hpp"
#include "deploy/config/config.hpp"
#include "deploy/config/server_policy.hpp"
#include "git/revision.hpp"

#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What validation of a revision found.
struct Validated {
  /// The sources of the flows that were checked.
  std::set<std::string> sources;
  std::vector<check::Finding> findings;

  int flows() const { return static_cast<int>(sources.size()); }
};

/// Checks every flow of a revision; with `paths` only findings in those files or folders (relative to the root) are
/// reported, though everything is read for the rules across flows. `policy` may be null.
Validated validate(const git::Revision& revision, const Config& config, const std::vector<std::string>& paths,
                   const ServerPolicy* policy = nullptr);

/// Checks what the policy demands beyond the sources of the configuration.
Validated validate_demanded(const git::Revision& revision, const Config& config, const ServerPolicy& policy);

}  // namespace flowship::deploy
