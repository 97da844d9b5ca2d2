#include "net/url.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "net/message.hpp"

#include <Poco/Ascii.h>
#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/URI.h>

#include <algorithm>

namespace flowship::net {

namespace {

Error refused(const std::string& text, const std::string& why) {
  // A user and a password in an address are secret too.
  const std::size_t at = text.rfind('@');
  const std::string shown = at == std::string::npos ? printable(text) : "…" + printable(text.substr(at));
  return usage_error("`" + shown + "` can't be used as an address: " + why,
                     "write it as https://host, https://host:port or https://host/path");
}

/// A name of letters, digits, `.`, `-` and `_`, or an IPv6 address exactly where there were brackets.
bool is_host(const std::string& host, bool bracketed) {
  if (bracketed) return host.find(':') != std::string::npos && is_address(host);
  return !host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char byte) {
    return Poco::Ascii::isAlphaNumeric(byte) || byte == '.' || byte == '-' || byte == '_';
  });
}

}  // namespace

bool is_address(const std::string& host) {
  Poco::Net::IPAddress address;
  return Poco::Net::IPAddress::tryParse(host, address);
}

bool split_authority(const std::string& text, std::string& host, std::uint16_t& port) {
  try {
    const Poco::URI uri("none://" + text);
    if (!is_target(text) || text.find_first_of("/?#@") != std::string::npos) return false;
    host = uri.getHost();
    if (uri.getSpecifiedPort() != 0) port = uri.getSpecifiedPort();
    return !text.ends_with(':') && is_host(host, text.front() == '[');
  } catch (const Poco::SyntaxException&) {
    return false;
  }
}

Url parse_base_url(const std::string& text) {
  Poco::URI uri;
  try {
    uri = text;
  } catch (const Poco::SyntaxException&) {
    throw refused(text, "host or port is malformed");
  }
  if (uri.getScheme() != "https" && uri.getScheme() != "http") {
    throw refused(text, "it does not begin with https://");
  }
  if (!uri.getUserInfo().empty()) throw refused(text, "a user name has no place in it");
  if (!uri.getRawQuery().empty() || !uri.getFragment().empty()) {
    throw refused(text, "a query or a fragment has no place in it");
  }
  Url url{
      .secure = uri.getScheme() == "https", .host = uri.getHost(), .port = uri.getPort(), .prefix = uri.getPathEtc()};
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  if (!is_target(text) || !is_host(url.host, text.find("://[") != std::string::npos)) {
    throw refused(text, "host or port is malformed");
  }
  if (!url.secure && !url.is_loopback()) {
    throw usage_error("`" + printable(text) + "` is plain http to another machine, which all on the way can read",
                      "use https");
  }
  return url;
}

std::string Url::authority() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::string Url::host_field() const {
  const std::string whole = authority();
  return port == (secure ? 443 : 80) ? whole.substr(0, whole.rfind(':')) : whole;
}

bool Url::is_loopback() const {
  Poco::Net::IPAddress address;
  return Poco::Net::IPAddress::tryParse(host, address) ? address.isLoopback() : host == "localhost";
}

std::string without_final_dot(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  return host;
}

}  // namespace flowship::net
