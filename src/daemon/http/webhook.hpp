#pragma once

#include "daemon/http/routes.hpp"

// How a git host announces a push.

namespace flowship::daemon {

/// `POST /webhook/<repository>`: 202 and a fetch for a push to a branch that may be deployed, 200 with the reason for
/// an ignored delivery or one whose id was accepted before, 400 for a malformed one. 403 for a wrong signature, or a
/// repository that is unknown or has no secret, then without waiting for the body.
net::Answer answer_webhook(Daemon& daemon, const Call& call);

}  // namespace flowship::daemon
