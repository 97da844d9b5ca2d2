#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace flowship::net {

/// What TLS connections are made from. Nothing of OpenSSL is set up before the first one is made.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

/// TLS 1.2 or newer, with a certificate chain and its key from PEM files. Throws `Error` when they can't be used.
TlsContext server_context(const std::string& certificate_file, const std::string& key_file);

/// TLS 1.2 or newer, trusting the system's authorities and those in `ca_file` (empty for none), for connections to
/// `host` alone: chain and name are checked inside the handshake. Throws `Error` when `ca_file` can't be used.
TlsContext client_context(const std::string& host, const std::string& ca_file);

}  // namespace flowship::net
