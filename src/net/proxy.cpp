#include "net/proxy.hpp"

#include "base/error.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPCredentials.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/NumberParser.h>
#include <Poco/String.h>
#include <Poco/StringTokenizer.h>
#include <Poco/URI.h>

#include <algorithm>

namespace flowship::net {

namespace {

using Poco::Net::IPAddress;

/// The lower-case form first, as in curl.
std::string in_either_case(const Variable& variable, const std::string& upper) {
  const std::optional<std::string> value = variable(Poco::toLower(upper));
  return value && !value->empty() ? *value : variable(upper).value_or("");
}

/// Whether `host` is an address in `range`, such as `10.0.0.0/8` or `fd00::/8`.
bool is_in_range(const std::string& host, const std::string& range) {
  const std::size_t slash = std::min(range.find('/'), range.size());
  IPAddress address;
  IPAddress network;
  unsigned length = 0;
  if (slash == range.size() || !IPAddress::tryParse(host, address) ||
      !IPAddress::tryParse(range.substr(0, slash), network) || address.family() != network.family() ||
      !Poco::NumberParser::tryParseUnsigned(range.substr(slash + 1), length) || length > 8U * address.length()) {
    return false;
  }
  const IPAddress mask(length, address.family());
  return (address & mask) == (network & mask);
}

/// Whether one entry of NO_PROXY covers `url`: `*`, a range of addresses, a host, or a domain with everything below it,
/// the latter two with or without a port.
bool covers(std::string entry, const Url& url) {
  if (entry == "*" || is_in_range(url.host, entry)) return true;
  entry.erase(0, entry.starts_with("*.") ? 2 : entry.starts_with('.') ? 1 : 0);
  std::string name;
  std::uint16_t port = url.port;
  if (!is_address(entry) && !split_authority(entry, name, port)) return false;
  name = without_final_dot(name.empty() ? Poco::toLower(entry) : name);
  const std::string host = without_final_dot(url.host);
  return port == url.port && (host == name || (host.ends_with("." + name) && !is_address(host)));
}

}  // namespace

std::optional<Proxy> proxy_for(const Url& url, const Variable& variable) {
  std::string text = url.secure ? in_either_case(variable, "HTTPS_PROXY") : "";
  if (text.empty()) return std::nullopt;
  const Poco::StringTokenizer excepted(in_either_case(variable, "NO_PROXY"), ", \t");
  if (std::any_of(excepted.begin(), excepted.end(), [&](const auto& entry) { return covers(entry, url); })) {
    return std::nullopt;
  }
  if (text.find("://") == std::string::npos) text.insert(0, "http://");
  try {
    constexpr std::uint16_t kUsualPort = 1080;
    const Poco::URI uri(text);
    if (uri.getScheme() != "http") {
      throw usage_error("HTTPS_PROXY names a kind of proxy that is not supported", "write it as http://host:port");
    }
    Proxy proxy{.host = {},
                .port = uri.getSpecifiedPort() != 0 ? uri.getSpecifiedPort() : kUsualPort,
                .user = {},
                .password = {}};
    std::string user_info;
    Poco::URI::decode(uri.getUserInfo(), user_info);
    Poco::Net::HTTPCredentials::extractCredentials(user_info, proxy.user, proxy.password);
    std::uint16_t ignored = 0;
    const bool is_ipv6 = uri.getHost().find(':') != std::string::npos;
    if (split_authority(is_ipv6 ? "[" + uri.getHost() + "]" : uri.getHost(), proxy.host, ignored)) return proxy;
  } catch (const Poco::SyntaxException&) {
  }
  throw usage_error("HTTPS_PROXY is malformed", "write it as http://host:port or http://user:password@host:port");
}

}  // namespace flowship::net
