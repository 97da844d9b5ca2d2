#pragma once

#include "daemon/status/html.hpp"
#include "daemon/status/status.hpp"

#include <string>
#include <vector>

namespace flowship::daemon {

/// Why an environment is failing, what is running, and what waits for what; nothing where all is quiet.
html::Markup job_notes(const EnvironmentStatus& environment, Buttons buttons);

/// Which flows a job is limited to; nothing if it is not.
html::Markup chosen_text(const std::vector<std::string>& chosen);

}  // namespace flowship::daemon
