#pragma once

#include "daemon/status/status.hpp"

#include <string>

namespace flowship::daemon {

/// The status as one JSON document. Its members are a contract: they may become more, and none goes or changes its
/// meaning. Times are RFC 3339 in UTC; what is not there is null. The README lists them.
std::string status_json(const DaemonStatus& status, Time now);

}  // namespace flowship::daemon
