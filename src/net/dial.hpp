#pragma once

#include "base/clock.hpp"
#include "net/stream.hpp"

#include <Poco/Net/SocketAddress.h>

#include <string>
#include <vector>

namespace flowship::net {

/// Waits until `stream` can be read or written, as `io` wants it; false when the deadline came first.
bool wait_for(const Stream& stream, Io io, Ticks deadline);

/// Waits until `stream` can be read or written, whichever comes first; false when the deadline came before both.
bool wait_for_either(const Stream& stream, Ticks deadline);

/// Connects to `host`, a name or an address. Every address of a name is tried, each with its share of the time that is
/// left; looking the name up is bound by the deadline too. Throws `TransportError` of `Delivery::not_sent`.
Stream dial(const std::string& host, std::uint16_t port, Ticks deadline);

/// Connects to the first of `addresses` that answers, each given its share of the time that is left. `name` is for
/// messages.
Stream dial_any(const std::string& name, const std::vector<Poco::Net::SocketAddress>& addresses, Ticks deadline);

}  // namespace flowship::net
