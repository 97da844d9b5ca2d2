#pragma once

#include "base/clock.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/ledger/lease_holder.hpp"
#include "flow/model/overrides.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::deploy {

/// An intent is appended before the first request and again, as a renewal of the lease, while requests are sent; a
/// result after the last.
enum class Phase { intent, result };

/// What asked for the deployment; `recover`: a later run that ended an interrupted one.
enum class DeploymentKind { deploy, rollback, promote, recover };

std::string_view to_text(Phase phase);
std::string_view to_text(DeploymentKind kind);

/// A flow for which `deployed/` does not say what the service holds.
struct Unsettled {
  /// The digest of what was last sent; empty if that is unknown too.
  std::string payload;
  std::vector<std::string> paths;
};

/// By flow id.
using UnsettledFlows = std::map<std::string, Unsettled>;

/// One entry of the ledger without its flows: deployment.json, and unsettled.json if there is one. Never has a key.
struct Record {
  Phase phase = Phase::result;
  /// Of an intent: how many times its deployment had renewed the lease. All of them have the same tree otherwise, but
  /// for the last one of a deployment that was stopped with a request in flight.
  int renewals = 0;
  DeploymentKind kind = DeploymentKind::deploy;
  /// Of a rollback or a promotion.
  std::optional<Origin> origin = {};
  std::string environment;
  std::string project_id;
  /// The full id of the commit that was (or is to be) deployed.
  std::string target;
  /// That commit's subject and author; empty if the repository does not have it.
  std::string subject;
  std::string author;
  /// When it was committed; nothing if the repository does not have it.
  std::optional<Time> committed;
  Time started;
  /// Only in a result.
  std::optional<Time> finished;
  LeaseHolder holder;
  /// Number of flows in `deployed/`.
  int total = 0;
  /// Where flows were looked for; empty: everywhere.
  std::vector<std::string> sources;
  /// The overrides that the deployed flows were sent with, except those in `unsettled`.
  flow::Overrides overrides;
  UnsettledFlows unsettled;
  /// What secrets in kept exports are digested with; carried from entry to entry. Empty until an export is kept.
  std::string digest_salt;
};

inline constexpr const char* kRecordFile = "deployment.json";

/// deployment.json. Every command reads it, so it has only the number of the unsettled flows.
std::string to_json(const Record& record);

/// deployment.json, read.
struct RecordFile {
  /// Without `unsettled`.
  Record record;
  std::size_t unsettled = 0;
};

/// Throws `Error` if the text is malformed or of another version. Errors mention `name`, where it was read from, and
/// how to delete the ledger's `ref`.
RecordFile record_from_json(std::string text, const std::string& name, const std::string& ref);

/// flows.json: what became of each flow of one deployment. An object, which has room for what concerns all flows.
std::string flows_to_json(const std::vector<FlowResult>& flows);
std::vector<FlowResult> flows_from_json(std::string text, const std::string& name);

/// unsettled.json.
std::string unsettled_to_json(const UnsettledFlows& unsettled);
UnsettledFlows unsettled_from_json(std::string text, const std::string& name);

}  // namespace flowship::deploy
