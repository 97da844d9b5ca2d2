#pragma once

#include "base/clock.hpp"
#include "base/stop.hpp"

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>
#include <vector>

namespace flowship::net {

/// Connects to `host`, a name or an address: looks it up, and tries every address of a name, all until `deadline` or
/// until a stop (null: whatever stops). Throws `TransportError` of `Delivery::not_sent`. The socket's implementation is
/// a `TimedPlainSocket`, which has the same limits.
Poco::Net::StreamSocket dial(const std::string& host, std::uint16_t port, Ticks deadline,
                             const StopSignal* until = nullptr);

/// Connects to the first of `addresses` that answers, each given its share of the time that is left. `name` is for
/// messages.
Poco::Net::StreamSocket dial_any(const std::string& name, const std::vector<Poco::Net::SocketAddress>& addresses,
                                 Ticks deadline, const StopSignal* until = nullptr);

}  // namespace flowship::net
