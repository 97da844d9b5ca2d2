#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace flowship {

/// A whole number with `ms`, `s`, `m` or `h` (without one: seconds); nothing for any other text, or past a year.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace flowship
