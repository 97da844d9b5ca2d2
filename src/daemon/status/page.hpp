#pragma once

#include "daemon/status/view.hpp"

#include <string>

namespace flowship::daemon {

/// The status page of these environments, complete without its script.
std::string status_page(const DaemonStatus& status, Time now, const View& view = {}, Buttons buttons = Buttons::none);

}  // namespace flowship::daemon
