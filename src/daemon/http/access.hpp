#pragma once

#include "daemon/config/operator_config.hpp"
#include "net/server.hpp"

namespace flowship::daemon {

/// Whether a request may see page, API and metrics: where there is no status token everybody may (which loopback alone
/// allows), else who sends it: `Authorization: Bearer TOKEN`, or as the password of `Authorization: Basic`, with any
/// user, which is what a browser asks its user for. Compared in constant time.
bool may_view(const net::IncomingRequest& request, const OperatorConfig& config);

/// 401, so that a browser asks for the token.
net::Answer ask_for_token();

}  // namespace flowship::daemon
