#pragma once

#include "daemon/status/view.hpp"

#include <string>

namespace flowship::daemon {

/// The status as one JSON document. Its members are a contract: new ones may be added, none is removed or changes its
/// meaning. It has the environments of the view and their repositories; `ok` and `reasons` concern all. Times are RFC
/// 3339 in UTC; missing values are null. docs/daemon.md lists the members.
std::string status_json(const DaemonStatus& status, Time now, const View& view = {.per_page = kEnvironmentsOfApi});

}  // namespace flowship::daemon
