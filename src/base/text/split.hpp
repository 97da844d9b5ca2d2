#pragma once

#include <string_view>
#include <vector>

namespace flowship {

/// The parts of `text` between separators, without empty ones.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace flowship
