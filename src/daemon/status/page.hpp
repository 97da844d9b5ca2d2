#pragma once

#include "daemon/status/status.hpp"

#include <string>

namespace flowship::daemon {

/// The status page, complete without its script.
std::string status_page(const DaemonStatus& status, Time now);

}  // namespace flowship::daemon
