#include "git/remote/host.hpp"

#include "base/text/letter_case.hpp"
#include "base/text/word.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <string>

namespace flowship::git {

namespace {

/// Where a repository lies at a host.
struct Place {
  /// The host's name, without user and port; empty for a path of this machine.
  std::string host;
  std::string path;
  /// The port that its pages are at; 0: the usual one.
  int port = 0;
};

Place place_of(const std::string& address) {
  if (address.find("://") != std::string::npos) {
    try {
      const Poco::URI uri(address);
      const bool has_own_port = uri.getScheme() == "https" && uri.getPort() != 443;
      return {.host = uri.getHost(), .path = uri.getPath(), .port = has_own_port ? uri.getPort() : 0};
    } catch (const Poco::SyntaxException&) {
      return {};
    }
  }
  // As ssh writes it: `user@host:path`.
  const std::size_t end = address.find_first_of("/:");
  if (end == std::string::npos || address[end] == '/') return {};
  const std::size_t user = address.rfind('@', end);
  const std::size_t begin = user == std::string::npos ? 0 : user + 1;
  return {.host = address.substr(begin, end - begin), .path = address.substr(end + 1), .port = 0};
}

/// The host's name between dots, in lower case.
std::string labels_of(std::string_view address) { return "." + lower_case(place_of(std::string(address)).host) + "."; }

/// `group/name`, without slashes and `.git` around it; empty if it has anything but words.
std::string repository_path(std::string path) {
  path.erase(0, path.find_first_not_of('/'));
  path.erase(path.find_last_not_of('/') + 1);
  if (path.ends_with(".git")) path.erase(path.size() - 4);
  const bool is_plain = is_word(path, "./~") && path.find("..") == std::string::npos;
  return is_plain && path.find('/') != std::string::npos ? path : std::string();
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
  const std::string labels = labels_of(address);
  if (labels.find(".github.") != std::string::npos) return Host::github;
  if (labels.find(".gitlab.") != std::string::npos) return Host::gitlab;
  return Host::other;
}

std::string server_of(std::string_view address) {
  std::string text(address);
  const Place place = place_of(text);
  if (place.host.empty()) return text;
  const bool is_url = text.find("://") != std::string::npos;
  return lower_case(place.host) + (is_url ? ":" + std::to_string(Poco::URI(text).getPort()) : "");
}

std::string commit_pages_of(std::string_view address) {
  const Place place = place_of(std::string(address));
  const std::string path = repository_path(place.path);
  if (path.empty() || !is_word(place.host, ".")) return {};
  const std::string pages =
      "https://" + lower_case(place.host) + (place.port == 0 ? "" : ":" + std::to_string(place.port)) + "/" + path;
  switch (host_of(address)) {
    case Host::github:
      return pages + "/commit/";
    case Host::gitlab:
      return pages + "/-/commit/";
    case Host::other:
      return labels_of(address).find(".bitbucket.") == std::string::npos ? "" : pages + "/commits/";
  }
  return {};
}

}  // namespace flowship::git
