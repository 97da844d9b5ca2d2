#pragma once

#include "base/clock.hpp"

#include <filesystem>
#include <iosfwd>

namespace flowship::cli {

/// Copies what the child `process` writes to `log` to `out` until the child ends. Returns its exit code, or 128 plus
/// the signal that killed it. A slow or closed `out` doesn't block the child.
int relay(const std::filesystem::path& log, int process, std::ostream& out, const Clock& clock);

}  // namespace flowship::cli
