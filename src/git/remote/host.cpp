#include "git/remote/host.hpp"

#include "base/text/letter_case.hpp"

#include <string>

namespace flowship::git {

namespace {

/// The name of the machine, without user and port; empty for a path.
std::string_view machine_of(std::string_view address) {
  const std::size_t scheme = address.find("://");
  const bool is_url = scheme != std::string_view::npos;
  if (is_url) address.remove_prefix(scheme + 3);
  const std::size_t end = address.find_first_of("/:");
  if (end == std::string_view::npos || (!is_url && address[end] == '/')) return {};
  address = address.substr(0, address.find('/'));
  if (const std::size_t user = address.rfind('@'); user != std::string_view::npos) address.remove_prefix(user + 1);
  return address.substr(0, address.find(':'));
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
  const std::string labels = "." + lower_case(machine_of(address)) + ".";
  if (labels.find(".github.") != std::string::npos) return Host::github;
  if (labels.find(".gitlab.") != std::string::npos) return Host::gitlab;
  return Host::other;
}

}  // namespace flowship::git
