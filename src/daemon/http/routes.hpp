#pragma once

#include "net/server.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::daemon {

class Daemon;

/// Who may send a request.
enum class Access {
  anyone,  ///< no restriction but the host's name
  viewer,  ///< those who know the status token, if there is one
  actor,   ///< those who know the status token; without one, nobody
  signed_  ///< the handler checks a signature; the first argument is a repository with a secret
};

/// A request that matches a route.
struct Call {
  const net::IncomingRequest& request;
  /// The value of each `<name>` of the pattern.
  std::vector<std::string> arguments;
};

/// A row of the routing table.
struct Route {
  std::string_view method;
  /// A path in which each `<name>` matches one part: `/flows/<environment>/<flowId>`.
  std::string_view pattern;
  Access access;
  net::Answer (*answer)(Daemon& daemon, const Call& call);
};

/// All routes. To add one, add a row in routes.cpp and a function in the file of its topic.
std::span<const Route> routes();

/// The values in `path` (without a query) for the names of `pattern`; nothing if it does not match. Names match
/// letters, digits, `-`, `_` and `.` only.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path);

/// The refusal of a request that can be refused by its header, before its body is read.
std::optional<net::Answer> refuse_by_header(Daemon& daemon, const net::IncomingRequest& request);

/// Answers a request by the table: 404 for an unknown path, 405 for another method (HEAD counts as GET), 401 for a
/// missing status token, 403 for a signed request to a repository that takes none, 421 for another `Host`. Adds the
/// security headers to every response.
net::Answer answer(Daemon& daemon, const net::IncomingRequest& request);

}  // namespace flowship::daemon
