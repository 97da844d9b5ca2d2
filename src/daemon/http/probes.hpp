#pragma once

#include "daemon/http/routes.hpp"

namespace flowship::daemon {

/// `GET /healthz`: the process lives and answers.
net::Answer answer_healthz(Daemon& daemon, const Call& call);

/// `GET /readyz`: 200, or 503 when a mirror can't be fetched, an environment has failed for longer than
/// `unhealthyAfter`, or the daemon stops. Why, only those are told who may see the page.
net::Answer answer_readyz(Daemon& daemon, const Call& call);

}  // namespace flowship::daemon
