#include "git/remote/host.hpp"

#include "base/text/letter_case.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <string>

namespace flowship::git {

namespace {

/// The host's name, without user and port; empty for a path.
std::string host_name(const std::string& address) {
  if (address.find("://") != std::string::npos) {
    try {
      return Poco::URI(address).getHost();
    } catch (const Poco::SyntaxException&) {
      return {};
    }
  }
  // As ssh writes it: `user@host:path`.
  const std::size_t end = address.find_first_of("/:");
  if (end == std::string::npos || address[end] == '/') return {};
  const std::size_t user = address.rfind('@', end);
  const std::size_t begin = user == std::string::npos ? 0 : user + 1;
  return address.substr(begin, end - begin);
}

}  // namespace

std::string_view to_text(Host host) {
  switch (host) {
    case Host::github:
      return "github";
    case Host::gitlab:
      return "gitlab";
    case Host::other:
      return "other";
  }
  return {};
}

Host host_of(std::string_view address) {
  const std::string labels = "." + lower_case(host_name(std::string(address))) + ".";
  if (labels.find(".github.") != std::string::npos) return Host::github;
  if (labels.find(".gitlab.") != std::string::npos) return Host::gitlab;
  return Host::other;
}

}  // namespace flowship::git
