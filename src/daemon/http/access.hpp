#pragma once

#include "daemon/config/operator_config.hpp"
#include "net/server.hpp"

namespace flowship::daemon {

/// True if a request may see page, API and metrics: everyone may without a status token, which only loopback allows.
/// Otherwise the request needs it as `Authorization: Bearer TOKEN`, or as the password of `Authorization: Basic` with
/// any user, so that browsers can prompt for it. Compared in constant time.
bool may_view(const net::IncomingRequest& request, const OperatorConfig& config);

/// 401, which makes a browser prompt for the token.
net::Answer ask_for_token();

}  // namespace flowship::daemon
