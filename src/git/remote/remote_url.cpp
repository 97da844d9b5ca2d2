#include "git/remote/remote_url.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <string_view>

namespace flowship::git {

namespace {

/// The address is not shown: it may contain a password.
[[noreturn]] void refuse(const std::string& why) {
  throw Error("this repository address can't be used: " + why,
              "write https://host/path.git, ssh://user@host/path.git, user@host:path.git or /a/folder.git");
}

/// `user@host:path`, as ssh writes it: a colon before the first slash tells it from a path.
bool is_scp_like(std::string_view url) {
  const std::size_t colon = url.find(':');
  return colon != std::string_view::npos && colon > 0 && url.find('/') > colon && url.substr(colon, 2) != "::";
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "[::1]";
}

Poco::URI parse(const std::string& url) {
  try {
    return Poco::URI(url);
  } catch (const Poco::SyntaxException&) {
    refuse("it is not a URL");
  }
}

}  // namespace

void require_safe_url(const std::string& url) {
  const bool has_control =
      std::any_of(url.begin(), url.end(), [](unsigned char byte) { return byte < ' ' || byte == 0x7fU; });
  if (url.empty() || url.starts_with('-') || has_control) {
    refuse("it is empty, has more than one line, or begins with `-`");
  }
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string::npos) {
    if (url.starts_with('/')) return;
    if (!is_scp_like(url) || url.find(":-") != std::string::npos) refuse("it is neither a URL nor an absolute path");
    return;
  }
  const Poco::URI uri = parse(url);
  const std::string& scheme = uri.getScheme();
  if (scheme == "file") return;
  if (scheme != "https" && scheme != "http" && scheme != "ssh") {
    refuse("the scheme `" + printable(scheme) + "` is not supported");
  }
  if (url.find(' ') != std::string::npos) refuse("it contains spaces");
  // git decodes an address of ssh before it uses it, and Poco takes what is before the last `@` only in part.
  std::string host;
  Poco::URI::decode(uri.getHost(), host);
  const std::string authority = url.substr(scheme_end + 3, url.find_first_of("/?#", scheme_end + 3) - scheme_end - 3);
  const std::size_t at = authority.find('@');
  if (host.empty() || host.starts_with('-') || authority.starts_with('-')) refuse("it names no host");
  const bool has_password = at != authority.rfind('@') || uri.getUserInfo().find(':') != std::string::npos;
  if (has_password || (at != std::string::npos && scheme != "ssh")) {
    throw Error("a repository address must not contain a password or token", "use a git credential helper instead");
  }
  if (scheme == "http" && !is_loopback(host)) refuse("plain http is allowed only on this machine");
}

}  // namespace flowship::git
