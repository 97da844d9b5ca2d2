#pragma once

#include "daemon/status/status.hpp"

#include <string>

namespace flowship::daemon {

/// The status in Prometheus' text format. Counters start at zero with the process.
std::string metrics_text(const DaemonStatus& status, Time now);

}  // namespace flowship::daemon
