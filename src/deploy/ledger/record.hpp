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

/// An intent is appended before the first request, a result after the last.
enum class Phase { intent, result };

/// What asked for the deployment; `recover` is the end that a later run gives to an interrupted one.
enum class DeploymentKind { deploy, rollback, promote, recover };

std::string_view to_text(Phase phase);
std::string_view to_text(DeploymentKind kind);

/// A flow of which `deployed/` alone does not say what the service holds.
struct Unsettled {
  /// The digest of what it was last sent; empty when that is not known either.
  std::string payload;
  std::vector<std::string> paths;
};

/// Flow id to what is known of it.
using UnsettledFlows = std::map<std::string, Unsettled>;

/// One entry of the ledger's chain but for its flows: deployment.json, and unsettled.json where there is one. Never a
/// key.
struct Record {
  Phase phase = Phase::result;
  DeploymentKind kind = DeploymentKind::deploy;
  std::string environment;
  std::string project_id;
  /// The full id of the commit that was (or is to be) deployed.
  std::string target;
  /// That commit's subject and author; empty where the repository does not have it.
  std::string subject;
  std::string author;
  Time started;
  /// Only in a result.
  std::optional<Time> finished;
  LeaseHolder holder;
  /// How many flows `deployed/` holds.
  int total = 0;
  /// Where flows were looked for; empty means anywhere.
  std::vector<std::string> sources;
  /// The overrides that the deployed flows were sent with, except those in `unsettled`.
  flow::Overrides overrides;
  UnsettledFlows unsettled;
};

/// deployment.json, which every command reads: it has only the number of the unsettled flows.
std::string to_json(const Record& record);

/// deployment.json, read.
struct RecordFile {
  /// Without `unsettled`.
  Record record;
  std::size_t unsettled = 0;
};

/// Throws `Error` when the text is not of that form or of another version. `name` says where it was found, `ref` is the
/// ledger's.
RecordFile record_from_json(std::string text, const std::string& name, const std::string& ref);

/// flows.json: what became of the flows of one deployment.
std::string flows_to_json(const std::vector<FlowResult>& flows);
std::vector<FlowResult> flows_from_json(std::string text, const std::string& name);

/// unsettled.json.
std::string unsettled_to_json(const UnsettledFlows& unsettled);
UnsettledFlows unsettled_from_json(std::string text, const std::string& name);

}  // namespace flowship::deploy
