#pragma once

#include "daemon/http/routes.hpp"

// The page, the API, the metrics and the probes, all made from one `DaemonStatus`.

namespace flowship::daemon {

/// `GET /`: the status page.
net::Answer answer_page(Daemon& daemon, const Call& call);

/// `GET /environments/<environment>`: the flows of an environment.
net::Answer answer_environment(Daemon& daemon, const Call& call);

/// `GET /flows/<environment>/<flowId>`: a deployed flow, drawn.
net::Answer answer_flow(Daemon& daemon, const Call& call);

/// `GET /api/status`: the status as JSON.
net::Answer answer_status(Daemon& daemon, const Call& call);

/// `GET /metrics`: for Prometheus.
net::Answer answer_metrics(Daemon& daemon, const Call& call);

/// `GET /assets/<name>`: files that the pages load.
net::Answer answer_asset(Daemon& daemon, const Call& call);

/// `GET /healthz`: the process is alive.
net::Answer answer_healthz(Daemon& daemon, const Call& call);

/// `GET /readyz`: 200, or 503 as in `health_of`. Only those who may see the page get the reasons.
net::Answer answer_readyz(Daemon& daemon, const Call& call);

}  // namespace flowship::daemon
