#pragma once

#include "deploy/config/config.hpp"
#include "deploy/plan/plan.hpp"
#include "flow/layouts/reading.hpp"

#include <functional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What is lost with one witness.
struct GuaranteeLoss {
  std::string flow_id;
  /// In words, with the path.
  std::string sentence;
};

/// The losses that are not ignored: factors before other keys, those with the same witness together.
std::vector<GuaranteeLoss> losses_of(const std::vector<GuaranteeChange>& changes);

/// A finding for each loss that is not ignored, as severe as the configuration says.
void add_guarantee_findings(Plan& plan, const Config& config);

/// What the `changes` do to the guarantees of all flows that have a reachable session on both sides: of flows too that
/// stay as they are and run one that changes. `read_all` gives every flow as it was before, and is asked only if a task
/// or a rule changed. By flow, change and key; nothing if the configuration switches it off.
std::vector<GuaranteeChange> guarantee_changes(const std::vector<Change>& changes, const Config& config,
                                               const std::function<flow::Reading()>& read_all);

}  // namespace flowship::deploy
