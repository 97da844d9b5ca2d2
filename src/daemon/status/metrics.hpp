#pragma once

#include "daemon/status/status.hpp"

#include <string>

namespace flowship::daemon {

/// The status in Prometheus' text format. Counters begin at zero with the process; what has an environment has its
/// repository as well.
std::string metrics_text(const DaemonStatus& status, Time now);

}  // namespace flowship::daemon
