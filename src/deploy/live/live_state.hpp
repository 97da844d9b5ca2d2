#pragma once

#include "api/service.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/live/live_flow.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What the service holds.
struct LiveState {
  /// The ids of all flows of the project.
  std::set<std::string> flow_ids;
  /// The flows that were asked for.
  std::map<std::string, LiveFlow> flows;
};

/// A flow to ask the service for, and the versions to compare the answer with (all but `returned` and `live`), which
/// must outlive the request.
struct Lookup {
  std::string flow_id;
  Versions versions;
};

/// Of a flow that is deployed and stays as it is.
Lookup lookup_of(const Deployed& flow);

/// Whether the service's versions are kept, which takes much memory where there are many flows.
enum class Keep { versions, comparison };

/// Compares flows with what the service holds: one request for the list, one for each flow that is on it. Throws
/// `Error` when the service can't be asked.
LiveState read_live_state(const std::vector<Lookup>& lookups, const Ledger& ledger,
                          const std::optional<LedgerEntry>& head, api::Service& service, int concurrency, Keep keep);

/// A flow as the service has it; nothing when it has no such flow. Throws `Error` when the service can't be asked.
std::optional<LiveVersion> read_live_flow(const std::string& flow_id, api::Service& service);

/// The ids of all flows of the project. Throws `Error` when the service can't be asked.
std::vector<std::string> list_live_flows(api::Service& service);

/// How an edited flow differs from what was deployed, as one sentence.
std::string drift_text(const std::vector<DriftDifference>& differences);

}  // namespace flowship::deploy
