#pragma once

#include "net/server.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::daemon {

class Daemon;

/// Who may ask.
enum class Access {
  anyone,  ///< what is told to anyone
  viewer,  ///< who knows the status token, where there is one
  signed_  ///< the handler checks a signature itself
};

/// A request that a route fits.
struct Call {
  const net::IncomingRequest& request;
  /// What stands in the path for each `<name>` of the pattern.
  std::vector<std::string> arguments;
};

/// One thing that the server answers.
struct Route {
  std::string_view method;
  /// A path, in which each `<name>` stands for one part: `/flows/<environment>/<flowId>`.
  std::string_view pattern;
  Access access;
  net::Answer (*answer)(Daemon& daemon, const Call& call);
};

/// All of them. To add one: a row in routes.cpp, and a function in the file of its topic.
std::span<const Route> routes();

/// What stands in `path` (without a query) for the names of `pattern`; nothing when it does not fit. A part that is not
/// made of letters, digits, `-`, `_` and `.` fits nothing.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path);

/// Answers a request by the table: 404 for an unknown path, 405 for a known one with another method (HEAD is a GET),
/// 401 where the status token is missing. Every answer says that it is not to be stored, sniffed or framed, and loads
/// nothing from elsewhere.
net::Answer answer(Daemon& daemon, const net::IncomingRequest& request);

}  // namespace flowship::daemon
