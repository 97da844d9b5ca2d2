#pragma once

#include "base/clock.hpp"
#include "net/stream.hpp"

#include <string>

namespace flowship::net {

/// Waits until `stream` can be read or written, as `io` wants it; false when the deadline came first.
bool wait_for(const Stream& stream, Io io, Ticks deadline);

/// Connects to `host`, a name or an address. Every address of a name is tried, each with its share of the time that is
/// left; looking the name up is bound by the deadline too. Throws `TransportError` of `Delivery::not_sent`.
Stream dial(const std::string& host, std::uint16_t port, Ticks deadline);

}  // namespace flowship::net
