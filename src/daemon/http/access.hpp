#pragma once

#include "daemon/config/operator_config.hpp"
#include "net/server.hpp"

namespace flowship::daemon {

/// True if a request may see page, API and metrics: everyone may without a status token, which only loopback allows.
/// Otherwise the request needs it as `Authorization: Bearer TOKEN`, or as the password of `Authorization: Basic` with
/// any user, so that browsers can prompt for it. Compared in constant time.
bool may_view(const net::IncomingRequest& request, const OperatorConfig& config);

/// True if the `Host` of a request, where there is one, is a loopback name, the address that the server listens at, or
/// in `allowedHosts`. So a page of another site whose name is made to lead here (DNS rebinding) sees nothing.
bool names_this_host(const net::IncomingRequest& request, const OperatorConfig& config);

/// True if a request that changes something was made by a page of this server: its `Origin` has the very host and port
/// that it was sent to, and a browser that says where it comes from says the same.
bool is_same_origin(const net::IncomingRequest& request);

/// 401, which makes a browser prompt for the token.
net::Answer ask_for_token();

}  // namespace flowship::daemon
