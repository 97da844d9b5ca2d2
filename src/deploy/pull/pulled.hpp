#pragma once

#include "git/objects/object_id.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::deploy {

enum class PullOutcome { pulled, unchanged, failed };

std::string_view to_text(PullOutcome outcome);

struct PulledFlow {
  std::string flow_id;
  PullOutcome outcome = PullOutcome::unchanged;
  /// What was written or removed.
  std::vector<std::string> paths;
  /// Why it was not pulled; empty otherwise.
  std::string error;
};

struct Pulled {
  std::string environment;
  std::string project_id;
  /// The ledger commit that records the flows as deployed; nothing where they all were already.
  std::optional<git::ObjectId> record;
  std::vector<PulledFlow> flows;
  std::vector<std::string> warnings;

  bool ok() const;
};

}  // namespace flowship::deploy
