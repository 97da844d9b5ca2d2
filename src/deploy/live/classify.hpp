#pragma once

#include "flow/model/flow.hpp"

namespace flowship::deploy {

/// What a deployment is to do about a flow.
enum class Intent { keep, send, remove };

/// The versions of one flow that are compared before anything is done about it. Null: there is none, or it isn't known.
struct Versions {
  Intent intent = Intent::keep;
  /// Whether the ledger has the flow as deployed.
  bool is_deployed = false;
  /// The desired state, as it would be sent.
  const flow::Flow* desired = nullptr;
  /// The last deployed state: what was sent, and what the service returned afterwards.
  const flow::Flow* sent = nullptr;
  const flow::Flow* returned = nullptr;
  /// What the service holds now.
  const flow::Flow* live = nullptr;
};

/// What the live state of a flow is.
enum class LiveMatch {
  as_deployed,  ///< as the last deployment left it; absent, where the flow was never deployed
  as_desired,   ///< as this deployment would make it: there is nothing to send
  missing,      ///< deployed, and gone from the service
  edited,       ///< neither of the two: edited in the console, or never deployed from here
};

/// The one place that decides what a flow's live state means, for plan, status and recovery alike.
LiveMatch classify(const Versions& versions);

}  // namespace flowship::deploy
