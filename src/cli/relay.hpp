#pragma once

#include <filesystem>
#include <iosfwd>

namespace flowship::cli {

/// Shows what the child `process` writes into `log`, as it comes, until the child ends. Returns its exit code, or 128
/// plus the signal that ended it. Whoever reads `out` slowly or goes away holds up this process alone.
int relay(const std::filesystem::path& log, int process, std::ostream& out);

}  // namespace flowship::cli
