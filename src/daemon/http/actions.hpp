#pragma once

#include "daemon/http/routes.hpp"

// What can be started from the pages by those who know the status token: to retry an environment's newest commit, and
// to restore or adopt a flow that drifted. Each is behind a page that asks, whose form is this process's own.

namespace flowship::daemon {

/// `GET /<action>/<environment>` and `GET /<action>/<environment>/<flowId>`: the page that asks.
net::Answer answer_form(Daemon& daemon, const Call& call);

/// `POST` of the same: starts the action. Leads back to the environment, or is a page that names the branch of what was
/// adopted, or a patch to download.
net::Answer answer_action(Daemon& daemon, const Call& call);

}  // namespace flowship::daemon
