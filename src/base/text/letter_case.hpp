#pragma once

#include <string>
#include <string_view>

namespace flowship {

/// `text` with ASCII letters in lower case, whatever the locale.
std::string lower_case(std::string_view text);

}  // namespace flowship
