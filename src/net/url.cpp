#include "net/url.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "net/header_syntax.hpp"

#include <Poco/Net/IPAddress.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace flowship::net {

namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

Error refused(std::string_view text, const std::string& why) {
  // A user and a password in an address are a secret too.
  const std::size_t at = text.rfind('@');
  const std::string shown = at == std::string_view::npos ? printable(text) : "…" + printable(text.substr(at));
  return usage_error("`" + shown + "` can't be used as the service's address: " + why,
                     "write it as https://host, https://host:port or https://host/path");
}

bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '.' || letter == '-' || letter == '_' || letter == ':';
  });
}

}  // namespace

bool is_address(const std::string& host) {
  Poco::Net::IPAddress address;
  return Poco::Net::IPAddress::tryParse(host, address);
}

bool split_authority(std::string_view text, std::string& host, std::uint16_t& port) {
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!is_address(host)) return false;
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    host = text.substr(0, colon);
    rest = text.substr(colon);
  }
  std::transform(host.begin(), host.end(), host.begin(), [](unsigned char letter) { return std::tolower(letter); });
  if (!is_host(host)) return false;
  if (rest.empty()) return true;
  if (!rest.starts_with(':')) return false;
  rest.remove_prefix(1);
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
  return error == std::errc() && end == rest.data() + rest.size() && port != 0;
}

Url parse_base_url(std::string_view text) {
  Url url;
  std::string_view rest = text;
  const std::size_t scheme_end = text.find("://");
  const std::string_view scheme = text.substr(0, std::min(scheme_end, text.size()));
  if (scheme_end == std::string_view::npos || (!same_word(scheme, "https") && !same_word(scheme, "http"))) {
    throw refused(text, "it does not begin with https://");
  }
  url.secure = same_word(scheme, "https");
  url.port = url.secure ? kHttpsPort : kHttpPort;
  rest.remove_prefix(scheme_end + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  url.prefix = rest.substr(slash);
  rest = rest.substr(0, slash);
  if (rest.find('@') != std::string_view::npos) throw refused(text, "a user name has no place in it");
  if (url.prefix.find_first_of("?#") != std::string::npos || (!url.prefix.empty() && !is_target(url.prefix))) {
    throw refused(text, "a query or a fragment has no place in it");
  }
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  if (!split_authority(rest, url.host, url.port)) throw refused(text, "host or port is malformed");
  if (!url.secure && !url.is_loopback()) {
    throw usage_error("`" + printable(text) + "` is plain http to another machine, which would show the management key",
                      "use https");
  }
  return url;
}

std::string Url::authority() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::string Url::host_field() const {
  const std::string whole = authority();
  const bool goes_without_saying = port == (secure ? kHttpsPort : kHttpPort);
  return goes_without_saying ? whole.substr(0, whole.rfind(':')) : whole;
}

bool Url::is_loopback() const {
  Poco::Net::IPAddress address;
  if (Poco::Net::IPAddress::tryParse(host, address)) return address.isLoopback();
  return host == "localhost";
}

}  // namespace flowship::net
