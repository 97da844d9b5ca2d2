#pragma once

#include "api/service.hpp"
#include "deploy/ledger/ledger.hpp"
#include "deploy/live/drift.hpp"
#include "deploy/plan/plan.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What the service holds of a flow.
struct Held {
  flow::Flow flow;
  /// One member a line, sorted: how it is kept in the ledger.
  std::string text;
};

/// What the service holds of one flow of a plan, before anything is sent.
struct Sighting {
  enum class State {
    absent,       ///< the service does not have it
    as_recorded,  ///< what the last deployment left there
    as_wanted,    ///< what the plan would send; nothing needs to be sent
    drifted,      ///< something else: somebody edited it since, or it was never deployed from here
  };
  State state = State::absent;
  /// Nothing for an absent flow, and where only the verdict was asked for.
  std::optional<Held> held;
  /// The digest of what is held; empty for an absent flow.
  std::string digest;
  /// For a drifted flow, how it differs from what was left there.
  std::vector<DriftDifference> differences;
};

using Sightings = std::map<std::string, Sighting>;

/// The service's export as a value; nothing when it has no such flow. Throws `Error` when it can't be asked.
std::optional<Held> ask_for(const std::string& flow_id, api::Service& service);

/// The ids of all flows of the project. Throws `Error` when the service can't be asked.
std::vector<std::string> ask_for_list(api::Service& service);

/// One flow to look at. What it points to must outlive the survey.
struct Subject {
  std::string flow_id;
  /// As the last deployment sent it; null where that is not known.
  const flow::Flow* sent = nullptr;
  /// As it is to be sent; null where nothing is to be.
  const flow::Flow* wanted = nullptr;
};

Subject subject_of(const Change& change);

struct Survey {
  /// The ids of all flows of the project.
  std::set<std::string> there;
  Sightings sightings;
};

/// Whether what the service holds is kept, which takes much memory where there are many flows.
enum class Keep { held, verdict };

/// Looks at flows: one request for the list, one for each flow that the service has. Throws `Error` when the service
/// can't be asked.
Survey survey(const std::vector<Subject>& subjects, const Ledger& ledger, const std::optional<LedgerEntry>& head,
              api::Service& service, int concurrency, Keep keep);

/// "the service holds something else than was deployed: /metadata/name ("Sign in" was deployed, "Edited" is there), …".
std::string drift_text(const std::vector<DriftDifference>& differences);

/// Throws the failure of a call as an `Error` with the right `Fault`.
[[noreturn]] void throw_failure(const std::string& doing, const api::Failure& failure);

}  // namespace flowship::deploy
