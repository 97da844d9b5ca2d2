#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace flowship {

/// `1 flow`, `2 flows`.
template <std::integral Number>
std::string pluralize(Number number, std::string_view noun) {
  return std::to_string(number).append(" ").append(noun).append(number == 1 ? "" : "s");
}

}  // namespace flowship
