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
enum class RecordKind { intent, result };

/// A flow of which `deployed/` alone does not tell what the service holds.
struct Unsettled {
  /// The digest of what it was last sent; empty when that is not known either.
  std::string payload;
  std::vector<std::string> paths;
};

/// What deployment.json holds: one step of the ledger's chain. Never a key.
struct Record {
  RecordKind kind = RecordKind::result;
  std::string environment;
  std::string project_id;
  /// The full id of the commit that was (or is to be) deployed.
  std::string target;
  Time started;
  /// In a result alone.
  std::optional<Time> finished;
  LeaseHolder holder;
  /// How many flows `deployed/` holds.
  int total = 0;
  /// Where flows were looked for; empty means anywhere.
  std::vector<std::string> sources;
  /// The overrides that the deployed flows were sent with, but for those in `unsettled`.
  flow::Overrides overrides;
  std::map<std::string, Unsettled> unsettled;
  /// Pending ones in an intent.
  std::vector<FlowResult> flows;
};

/// deployment.json: one member a line, in a fixed order.
std::string to_json(const Record& record);

/// The inverse; an `Error` when the text is not of that form or of a version that this program does not know.
Record record_from_json(std::string text, const std::string& name);

/// Where a record's flows, which come last, begin in its text.
inline constexpr std::string_view kFlowsBegin = "\n  \"flows\": [";

/// A result without its flows, which after a first deployment are as many as there are flows, from its text up to and
/// with `kFlowsBegin`. Nothing for an intent, and for a text that ends otherwise.
std::optional<Record> result_from_head(std::string head, const std::string& name);

}  // namespace flowship::deploy
