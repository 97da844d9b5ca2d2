#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flowship::report {

/// How many cells of a terminal a character takes, near enough: 0 for combining marks and joiners, 2 for wide ones.
int display_width(std::uint32_t code);
int display_width(std::string_view text);

/// The longest prefix of `text` that fits into `width` cells.
std::string_view fitting(std::string_view text, int width);

/// `text` made safe to show and cut to `width` cells, the last of them `…` where something was cut.
std::string cut_to(std::string_view text, int width);

}  // namespace flowship::report
