#include "git/remote/remote_url.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"

#include <algorithm>
#include <string_view>

namespace flowship::git {

namespace {

/// `user@host:path`, as ssh writes it, is told from a path by a colon before the first slash.
bool is_scp_like(std::string_view url) {
  const std::size_t colon = url.find(':');
  return colon != std::string_view::npos && colon > 0 && url.find('/') > colon && url.substr(colon, 2) != "::";
}

bool is_loopback(std::string_view authority) {
  for (const std::string_view host : {"localhost", "127.0.0.1", "[::1]"}) {
    if (authority == host || (authority.starts_with(host) && authority[host.size()] == ':')) return true;
  }
  return false;
}

}  // namespace

void require_safe_url(const std::string& url) {
  // The address is not shown where it may hold a password.
  const auto refuse = [](const std::string& why) {
    throw Error("this address of a repository can't be used: " + why,
                "write https://host/path.git, ssh://user@host/path.git, user@host:path.git or /a/folder.git");
  };
  const bool has_control =
      std::any_of(url.begin(), url.end(), [](unsigned char byte) { return byte < ' ' || byte == 0x7fU; });
  if (url.empty() || url.starts_with('-') || has_control) refuse("it is empty, or not one line, or begins with `-`");
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string::npos) {
    if (url.starts_with('/')) return;
    if (!is_scp_like(url) || url.find(":-") != std::string::npos) refuse("it is neither an address nor a whole path");
    return;
  }
  const std::string scheme = url.substr(0, scheme_end);
  if (scheme == "file") return;
  if (scheme != "https" && scheme != "http" && scheme != "ssh") refuse("`" + printable(scheme) + "` is not known");
  const std::size_t from = scheme_end + 3;
  const std::string authority = url.substr(from, url.find('/', from) - from);
  const std::size_t at = authority.rfind('@');
  const std::string host = at == std::string::npos ? authority : authority.substr(at + 1);
  if (url.find(' ') != std::string::npos) refuse("it has spaces");
  if (host.empty() || authority.starts_with('-') || host.starts_with('-')) refuse("it names no host");
  const bool has_password = at != std::string::npos && authority.substr(0, at).find(':') != std::string::npos;
  if (has_password || (at != std::string::npos && scheme != "ssh")) {
    throw Error("an address of a repository must not hold a password or token",
                "use a credential helper of git instead");
  }
  if (scheme == "http" && !is_loopback(host)) refuse("plain http is for this machine alone");
}

}  // namespace flowship::git
