#pragma once

#include "cli/command.hpp"
#include "deploy/apply/outcome.hpp"

#include <memory>

namespace flowship::cli {

/// Whether the result is shown in the terminal that also shows standard error, so that nothing need be said twice.
bool result_is_watched(const Invocation& invocation);

/// Shows on standard error what is being done: in a terminal on one line, else a line per finished flow.
std::unique_ptr<deploy::Progress> progress_for(const Invocation& invocation);

}  // namespace flowship::cli
