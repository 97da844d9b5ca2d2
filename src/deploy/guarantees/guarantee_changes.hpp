#pragma once

#include "deploy/config/config.hpp"
#include "deploy/plan/plan.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The flows before a change, by id; the flows must live as long as they are looked at.
using FlowsById = std::map<std::string, const flow::Flow*>;

FlowsById by_id(const std::vector<flow::Flow>& flows);

/// Notes the reasons of the entries of `ignore` that list a loss.
void note_ignored(std::vector<GuaranteeChange>& changes, const check::Settings& settings);

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
/// or a rule changed. By flow, change and key.
std::vector<GuaranteeChange> guarantee_changes(const std::vector<Change>& changes,
                                               const std::function<FlowsById()>& read_all);

}  // namespace flowship::deploy
