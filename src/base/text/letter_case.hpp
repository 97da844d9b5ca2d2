#pragma once

#include <string>
#include <string_view>

namespace flowship {

/// `text` with ASCII's capital letters as small ones, whatever the locale.
std::string lower_case(std::string_view text);

}  // namespace flowship
