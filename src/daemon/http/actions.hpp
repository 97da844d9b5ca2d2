#pragma once

#include "daemon/http/routes.hpp"

// What can be started from the pages by those who know the status token: each behind a page that asks, whose form is
// this process's own.

namespace flowship::daemon {

/// `GET /retry/<environment>`: asks whether to deploy the newest commit at once.
net::Answer answer_retry_form(Daemon& daemon, const Call& call);
/// `POST /retry/<environment>`.
net::Answer answer_retry(Daemon& daemon, const Call& call);

/// `GET /restore/<environment>/<flowId>`: asks whether to overwrite the console's version of a flow.
net::Answer answer_restore_form(Daemon& daemon, const Call& call);
/// `POST /restore/<environment>/<flowId>`.
net::Answer answer_restore(Daemon& daemon, const Call& call);

/// `GET /adopt/<environment>/<flowId>`: asks whether to adopt the console's version of a flow.
net::Answer answer_adopt_form(Daemon& daemon, const Call& call);
/// `POST /adopt/<environment>/<flowId>`: a page that names the branch, or a patch to download.
net::Answer answer_adopt(Daemon& daemon, const Call& call);

}  // namespace flowship::daemon
