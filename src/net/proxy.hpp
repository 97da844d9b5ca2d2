#pragma once

#include "net/url.hpp"

#include <functional>
#include <optional>
#include <string>

namespace flowship::net {

/// A proxy that connections are tunnelled through with CONNECT.
struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  /// Decoded; both empty for none. Secret.
  std::string user;
  std::string password;
};

/// The value of an environment variable; nothing when it is not set.
using Variable = std::function<std::optional<std::string>(const std::string& name)>;

/// The proxy that HTTPS_PROXY (or https_proxy) names for `url`, unless NO_PROXY (or no_proxy) excepts it. Plain http,
/// which goes to this machine alone, never uses a proxy. Throws `Error` of usage when it is malformed.
std::optional<Proxy> proxy_for(const Url& url, const Variable& variable);

}  // namespace flowship::net
