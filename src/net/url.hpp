#pragma once

#include <cstdint>
#include <string>

namespace flowship::net {

/// A server's address.
struct Url {
  bool secure = true;
  /// Lower case; an IPv6 address without its brackets.
  std::string host;
  std::uint16_t port = 443;
  /// What comes before every target: empty, or a path without a slash at its end.
  std::string prefix;

  /// Host and port: `api.example:8443`, `[::1]:80`.
  std::string authority() const;
  /// As in a `Host` field: without the scheme's default port.
  std::string host_field() const;
  bool is_loopback() const;
};

/// Reads `https://host[:port][/prefix]`. Throws `Error` of usage for anything else (no user, query or fragment), and
/// for plain `http` to another machine.
Url parse_base_url(const std::string& text);

/// Splits `host[:port]` or `[address][:port]`, leaving `port` alone where there is none; false when it is neither.
bool split_authority(const std::string& text, std::string& host, std::uint16_t& port);

/// Whether `host` is an IP address rather than a name.
bool is_address(const std::string& host);

/// `api.example` for `api.example.`, which is the same host to the resolver, but not to certificates and NO_PROXY.
std::string without_final_dot(std::string host);

}  // namespace flowship::net
