#include "net/proxy.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "net/header_syntax.hpp"

#include <algorithm>

namespace flowship::net {

namespace {

std::string either_case(const Variable& variable, const std::string& upper, const std::string& lower) {
  // As curl does it: the lower-case form first.
  const std::optional<std::string> value = variable(lower);
  return value && !value->empty() ? *value : variable(upper).value_or("");
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto digit = [&](std::size_t place) {
      return place < text.size() ? kDigits.find(static_cast<char>(text[place] | 0x20)) : std::string_view::npos;
    };
    if (text[at] == '%' && digit(at + 1) < 16 && digit(at + 2) < 16) {
      decoded += static_cast<char>(digit(at + 1) * 16 + digit(at + 2));
      at += 2;
    } else {
      decoded += text[at];
    }
  }
  return decoded;
}

/// Whether one entry of NO_PROXY means `url`: `*`, a host, a domain with all below it, either with a port.
bool excepts(std::string_view entry, const Url& url) {
  if (entry == "*") return true;
  std::string host;
  std::uint16_t port = url.port;
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (same_word(entry, url.host)) return true;
  if (!split_authority(entry, host, port) || port != url.port) return false;
  return url.host == host || (url.host.ends_with("." + host) && !is_address(url.host));
}

bool is_excepted(std::string_view list, const Url& url) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", \t"), list.size());
    if (end > 0 && excepts(list.substr(0, end), url)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

std::optional<Proxy> proxy_for(const Url& url, const Variable& variable) {
  if (!url.secure) return std::nullopt;
  const std::string text = either_case(variable, "HTTPS_PROXY", "https_proxy");
  if (text.empty() || is_excepted(either_case(variable, "NO_PROXY", "no_proxy"), url)) return std::nullopt;
  std::string_view rest = text;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) {
    if (!same_word(rest.substr(0, scheme), "http")) {
      throw usage_error("HTTPS_PROXY names a proxy of a kind that is not supported", "write it as http://host:port");
    }
    rest.remove_prefix(scheme + 3);
  }
  Proxy proxy;
  constexpr std::uint16_t kUsualPort = 1080;
  proxy.port = kUsualPort;
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    proxy.authorization = "Basic " + to_base64(percent_decoded(rest.substr(0, at)));
    rest.remove_prefix(at + 1);
  }
  rest = rest.substr(0, rest.find('/'));
  if (!split_authority(rest, proxy.host, proxy.port)) {
    throw usage_error("HTTPS_PROXY is malformed", "write it as http://host:port or http://user:password@host:port");
  }
  return proxy;
}

}  // namespace flowship::net
