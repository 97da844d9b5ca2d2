#pragma once

#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// What a deployment is to do about a flow.
enum class Intent { keep, send, remove };

/// The versions of one flow that are compared before anything is done about it. Null: there is none, or it isn't known.
struct Versions {
  Intent intent = Intent::keep;
  /// Whether the ledger has the flow as deployed.
  bool is_deployed = false;
  /// The desired state, as it would be sent. For a flow to keep it is `sent`.
  const flow::Flow* desired = nullptr;
  /// The last deployed state: what was sent, and what the service returned afterwards.
  const flow::Flow* sent = nullptr;
  const flow::Flow* returned = nullptr;
  /// What an interrupted deployment may have sent since, and whether it may have deleted the flow.
  const flow::Flow* open = nullptr;
  bool may_be_deleted = false;
  /// Whether the service lists the flow. Only the list says whether there is one.
  bool is_listed = false;
  /// What the service holds now; null while it is listed: the export failed.
  const flow::Flow* live = nullptr;
  /// Pointers into the flow at which console edits are meant to stay.
  const std::vector<std::string>* ignore_drift = nullptr;
};

/// What the live state of a flow is.
enum class LiveMatch {
  as_deployed,  ///< as the last deployment left it; absent, where the flow was never deployed
  as_desired,   ///< as this deployment would make it: there is nothing to send
  merged,       ///< edited in the console, and the desired state contains every such edit
  missing,      ///< deployed, and gone from the service
  edited,       ///< edited in the console
  foreign,      ///< on the service, never deployed from here, and unlike what is desired
  unknown,      ///< listed, but the export failed
};

/// Edited or deleted in the console, or there without having been deployed from here.
bool is_drift(LiveMatch match);

/// The one place that decides what a flow's live state means, for plan, status and recovery alike.
LiveMatch classify(const Versions& versions);

}  // namespace flowship::deploy
