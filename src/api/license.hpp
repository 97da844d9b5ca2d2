#pragma once

#include "api/address.hpp"
#include "api/credentials.hpp"
#include "base/clock.hpp"
#include "base/stop.hpp"
#include "net/client.hpp"

#include <optional>
#include <string>

namespace flowship::api {

/// Asks for the tier of the project's license, which clients send back as `x-descope-license`: without it they get the
/// lowest rate limit. Takes at most 5 s and is never an error: empty if the service does not tell. Nothing if the rate
/// limit leaves no request for it now, or after a stop.
std::optional<std::string> ask_for_license(net::ClientOptions http, const Credentials& credentials, Address& address,
                                           const Clock& clock, const StopSignal& stop);

}  // namespace flowship::api
