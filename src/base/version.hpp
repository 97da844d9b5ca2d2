#pragma once

#include <string_view>

namespace flowship {

/// The release, as CMake's `project()` has it: `0.1.0`.
std::string_view version();

}  // namespace flowship
