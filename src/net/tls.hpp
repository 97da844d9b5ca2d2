#pragma once

#include "net/client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>

#include <string>

namespace flowship::net {

/// TLS 1.2 or newer, with a certificate chain and its key from PEM files; null without both. Throws `Error` when they
/// can't be used.
Poco::Net::Context::Ptr server_context(const std::string& certificate_file, const std::string& key_file);

/// TLS 1.2 or newer, trusting the system's authorities and those in `ca_file` (empty for none), for connections to
/// `host` alone: chain and name are checked inside the handshake, where no time-out can skip it. Throws
/// `TransportError` when `ca_file` can't be used.
Poco::Net::Context::Ptr client_context(const std::string& host, const std::string& ca_file);

/// Makes a TLS connection of one that `dial` made, within the limits that has. `peer` is for messages. Throws
/// `TransportError` with the cause.
Poco::Net::StreamSocket shake_hands(const Poco::Net::StreamSocket& plain, const Poco::Net::Context::Ptr& context,
                                    const std::string& host, const std::string& peer);

/// Throws the `TransportError` for a server that demands a client certificate, which TLS 1.3 says after the handshake,
/// if that is what `error` says.
void check_certificate_demand(const Poco::Exception& error, const std::string& peer);

}  // namespace flowship::net
