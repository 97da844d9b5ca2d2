#pragma once

#include "daemon/http/routes.hpp"

// What people and their monitors look at: the page, the API, the metrics. All read the one value `DaemonStatus`.

namespace flowship::daemon {

/// `GET /`: what is deployed where, what waits, what happened last.
net::Answer answer_page(Daemon& daemon, const Call& call);

/// `GET /flows/<environment>/<flowId>`: a deployed flow, drawn.
net::Answer answer_flow(Daemon& daemon, const Call& call);

/// `GET /api/status`: the same as JSON.
net::Answer answer_status(Daemon& daemon, const Call& call);

/// `GET /metrics`: for Prometheus.
net::Answer answer_metrics(Daemon& daemon, const Call& call);

/// `GET /assets/<name>`: what the pages load.
net::Answer answer_asset(Daemon& daemon, const Call& call);

}  // namespace flowship::daemon
