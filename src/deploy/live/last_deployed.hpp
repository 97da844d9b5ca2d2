#pragma once

#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/flow_tags.hpp"
#include "deploy/ledger/ledger.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The last deployed state, read as far as it is asked for. Repository and ledger must outlive it.
class LastDeployed {
 public:
  /// `entry`: nothing before the first deployment.
  LastDeployed(const git::Repository& repository, const Ledger& ledger, std::optional<LedgerEntry> entry);

  /// The ids of all deployed flows, sorted.
  std::vector<std::string> ids() const;
  /// What the service's list said of a flow after its last deployment; nothing where that is not known.
  std::optional<api::FlowTag> tag(const std::string& flow_id) const;
  /// Whether a flow was sent otherwise than its source and the environment's overrides say.
  bool is_exact(const std::string& flow_id) const;
  /// Reads these flows.
  std::vector<Deployed> flows(const std::set<std::string>& flow_ids) const;
  /// What the service returned after the last deployment of a flow, with the secrets that `live`, its export now, still
  /// has.
  std::optional<flow::Flow> returned(const std::string& flow_id, const std::string& live) const;

 private:
  const git::Repository& repository_;
  const Ledger& ledger_;
  std::optional<LedgerEntry> entry_;
  FlowTags tags_;
};

}  // namespace flowship::deploy
