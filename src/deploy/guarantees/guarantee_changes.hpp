#pragma once

#include "deploy/config/config.hpp"
#include "deploy/plan/plan.hpp"
#include "flow/layouts/reading.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What is lost with one witness.
struct GuaranteeLoss {
  std::string flow_id;
  /// The factors and the lower assurance, in words; empty if only other keys are lost.
  std::string factors;
  /// Other keys.
  std::vector<std::string> others;
  /// The witness, in words.
  std::string path;
  /// Where its last rule is written; an empty source if that is not known.
  std::string source;
  int line = 1;
  int column = 1;

  /// All of it.
  std::string sentence() const;
};

/// What a flow gains.
struct GuaranteeGain {
  std::string flow_id;
  /// The higher assurance and the factors, in words; empty if only other keys are gained.
  std::string factors;
  /// Other keys.
  std::vector<std::string> others;

  /// All of it.
  std::string sentence() const;
};

struct GuaranteeComparison {
  /// By flow, change and key.
  std::vector<GuaranteeChange> changes;
  /// Flows whose paths are too many to look at, by id, with their sources.
  std::map<std::string, std::string> not_compared;

  /// Drops what is said about a flow that the revision does not have.
  void forget(const std::string& flow_id);
};

/// The losses that are not ignored, those with the same witness together. Those of factors come first.
std::vector<GuaranteeLoss> losses_of(const std::vector<GuaranteeChange>& changes);

/// By flow, those of factors first.
std::vector<GuaranteeGain> gains_of(const std::vector<GuaranteeChange>& changes);

check::Finding loss_finding(const GuaranteeLoss& loss, check::Severity severity);

/// A finding for each loss that is not ignored and for each flow that was not compared, as severe as the configuration
/// says.
std::vector<check::Finding> guarantee_findings(const GuaranteeComparison& compared, const Config& config);

/// What the `changes` do to the guarantees of all flows that have a reachable session on both sides: of flows too that
/// stay as they are and run one that changes. `read_all` gives every flow as it was before, and is asked only if a task
/// or a rule changed. Nothing if the configuration switches it off.
GuaranteeComparison guarantee_changes(const std::vector<Change>& changes, const Config& config,
                                      const std::function<flow::Reading()>& read_all);

/// Notes in the changes the paths around factors that they open, to draw.
void note_open_paths(const std::vector<GuaranteeChange>& guarantees, std::vector<Change>& changes);

}  // namespace flowship::deploy
