#pragma once

#include "daemon/jobs/job.hpp"

#include <string>
#include <vector>

namespace flowship::daemon {

/// What became of the console edits of one flow.
struct Adoption {
  enum class Outcome {
    pushed,   ///< as `branch` of the repository
    patch,    ///< it could not be pushed
    nothing,  ///< there is nothing to adopt, or it can't be: `why`
  };
  Outcome outcome = Outcome::nothing;
  std::string branch = {};
  /// As `git am` takes it.
  std::string patch = {};
  std::string why = {};
  std::vector<std::string> warnings = {};
};

/// Merges the console edits of a flow into the target's sources, and pushes the commit as a branch of its own that
/// deploys nothing. Never throws.
Adoption adopt_flow(const Target& target, const std::string& flow_id, const JobContext& job_context);

}  // namespace flowship::daemon
