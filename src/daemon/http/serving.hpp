#pragma once

#include "net/server.hpp"

namespace flowship::daemon {

/// How the daemon serves: as many connections as the process may have descriptors for, up to a thousand, so that slow
/// or idle clients keep nobody out. Raises the process's own limit as far as it may.
net::ServerOptions serving_options();

}  // namespace flowship::daemon
