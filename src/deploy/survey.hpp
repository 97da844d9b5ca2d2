#pragma once

#include "api/service.hpp"
#include "deploy/ledger.hpp"
#include "deploy/plan.hpp"

#include <map>
#include <optional>
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
  std::optional<Held> held;
  /// For a drifted flow, what differs from what was left there: pointers.
  std::vector<std::string> differences;
};

using Sightings = std::map<std::string, Sighting>;

/// The service's export as a value; nothing when it has no such flow. Throws `Error` when it can't be asked.
std::optional<Held> ask_for(const std::string& flow_id, api::Service& service);

/// The ids of all flows of the project. Throws `Error` when the service can't be asked.
std::vector<std::string> ask_for_list(api::Service& service);

/// Looks at the flows of some changes: one request for the list, one for each flow that the service has. Throws `Error`
/// when the service can't be asked.
Sightings survey(const std::vector<const Change*>& changes, const Ledger& ledger,
                 const std::optional<LedgerEntry>& head, api::Service& service, int concurrency);

/// Whether what the service holds is what the last deployment left there: by the ledger's `after/`, else (null) by what
/// was sent.
bool is_as_recorded(const flow::Flow& held, const flow::Flow* after, const flow::Flow* sent, const flow::Flow* wanted);

/// "edited on the service since the last deployment: /contents/tasks/3/name, …".
std::string drift_text(const Sighting& sighting);

/// Throws the failure of a call as an `Error` with the right `Fault`.
[[noreturn]] void throw_failure(const std::string& doing, const api::Failure& failure);

}  // namespace flowship::deploy
