#pragma once

#include <string>
#include <string_view>

namespace flowship::json {

/// The one text of all number texts that mean the same number, exactly and whatever their size: its digits without
/// zeros at either end, then `e` and the power of ten: `15e-1` for `1.5` and `1.50`; `0` for every zero.
std::string normal_number(std::string_view text);

}  // namespace flowship::json
