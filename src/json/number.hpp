#pragma once

#include <string>
#include <string_view>

namespace flowship::json {

/// The same text for all notations of a number, exact at any size: its digits without leading and trailing zeros, then
/// `e` and the power of ten. `15e-1` for `1.5` and `1.50`; `0` for every zero.
std::string normal_number(std::string_view text);

}  // namespace flowship::json
