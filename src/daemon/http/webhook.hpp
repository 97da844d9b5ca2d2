#pragma once

#include "daemon/http/routes.hpp"

// How a git host tells of a push.

namespace flowship::daemon {

/// `POST /webhook/<repository>`: 202 and a fetch when a branch was pushed that may change what is deployed, 200 with
/// the reason when the delivery is of no interest or came before, 400 when it makes no sense, and 403 for a wrong
/// signature, a repository without a secret or an unknown one, which nobody can tell apart.
net::Answer answer_webhook(Daemon& daemon, const Call& call);

}  // namespace flowship::daemon
