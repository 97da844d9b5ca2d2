#pragma once

#include "deploy/pull/flow_conflicts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::deploy {

enum class PullOutcome {
  pulled,
  removed,  ///< it was deleted in the console, and its files are gone too
  unchanged,
  conflict,
  failed
};

std::string_view to_text(PullOutcome outcome);

struct PulledFlow {
  std::string flow_id;
  PullOutcome outcome = PullOutcome::unchanged;
  /// What was written or removed.
  std::vector<std::string> paths;
  /// Why it was not pulled; empty otherwise.
  std::string error;
  /// Tasks and screens of the working tree that got other ids.
  std::vector<flow::NewId> new_ids = {};
  std::optional<FlowConflicts> conflict = {};
  /// What to do about `error`, which has it too; may be empty.
  std::string hint = {};
};

struct Pulled {
  std::string environment;
  std::string project_id;
  std::vector<PulledFlow> flows;
  std::vector<std::string> warnings;

  /// Whether no flow failed or is in conflict.
  bool ok() const;
  bool has(PullOutcome outcome) const;
};

}  // namespace flowship::deploy
