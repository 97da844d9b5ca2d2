#pragma once

#include "api/service.hpp"
#include "base/error.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/live/last_deployed.hpp"
#include "deploy/live/live_flow.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace flowship::deploy {

/// The flows of the project by id, with what the list says of their versions.
using LiveList = std::map<std::string, std::optional<api::FlowTag>>;

/// What the service holds.
struct LiveState {
  LiveList listed;
  /// The flows that were asked for.
  std::map<std::string, LiveFlow> flows;
  /// Where flows are to be deleted: what all others of the project that the list alone tells nothing of run as
  /// subflows. Nothing for a flow that could not be exported.
  std::map<std::string, std::optional<std::set<std::string>>> other_users;
  /// How many flows that stay as they are were only found in the list, since the service tells no versions.
  std::size_t not_compared = 0;
};

/// A flow to ask the service for, and the versions to compare the answer with (all but `returned` and `live`), which
/// must outlive the request.
struct Lookup {
  std::string flow_id;
  Versions versions;
};

/// Whether the service's versions are kept, which takes much memory where there are many flows.
enum class Keep { versions, comparison };

/// Which of the flows that stay as they are get exported. A flow whose tag in the list is as recorded needs no export.
enum class Compare {
  tagged,    ///< those whose tag differs from the recorded one; without a tag on the service, none
  untagged,  ///< those as well that have no tag on the service
  all,
};

/// What to ask the service about.
struct LiveQuery {
  /// Flows that a plan changes.
  std::vector<Lookup> changes;
  /// Deployed flows that stay as they are, by id.
  std::vector<std::string> kept;
  const std::vector<std::string>& ignore_drift;
  Compare compare = Compare::tagged;
  /// Which of the changes get exported: what is sent is compared first, what is only shown need not be.
  Compare compare_changes = Compare::all;
  Keep keep = Keep::comparison;
  /// Requests at a time.
  int concurrency = 4;
};

/// Compares flows with what the service holds: one request for the list, and one for each flow to export; where flows
/// are to be deleted, these are also all others that may run them. Throws `Error` when the service can't be asked for
/// the list, or refuses the key; a flow that can't be exported is `LiveMatch::unknown`.
LiveState read_live_state(const LiveQuery& query, const LastDeployed& last, api::Service& service, Progress& progress);

/// A listed flow as the service has it, or why it could not be exported. Throws `Error` when the key is refused.
struct LiveAnswer {
  std::optional<LiveVersion> version;
  std::string error;
  std::string hint;
  /// The service refused the key.
  bool is_refused = false;
};
LiveAnswer read_live_flow(const std::string& flow_id, api::Service& service);

/// All flows of the project. Throws `Error` when the service can't be asked.
LiveList list_live_flows(api::Service& service);

/// What somebody edited: from what the service returned, else from what was sent, to what it holds now.
flow::Description edits_of(const Versions& versions);

}  // namespace flowship::deploy
