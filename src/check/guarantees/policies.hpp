#pragma once

#include "check/engine/check.hpp"
#include "check/engine/repository.hpp"
#include "flow/graph/sessions.hpp"

#include <vector>

namespace flowship::check {

/// A path to show, with the secrets in the names of its tasks masked.
flow::Path with_names_masked(flow::Path path);

/// The violations of the policies of `settings` in the flows that were read, without ignored ones: at most one for each
/// policy and flow. If `is_whole`, all flows were read, and policies and selectors that match nothing are told as well.
std::vector<Finding> policy_findings(const flow::Reading& reading, const Repository& repository,
                                     const Settings& settings, bool is_whole);

}  // namespace flowship::check
