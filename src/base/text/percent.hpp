#pragma once

#include <string>
#include <string_view>

namespace flowship {

/// `text` with each byte percent-encoded (`%2F`) that is neither an ASCII letter or digit nor in `plain`.
std::string percent_encoded(std::string_view text, std::string_view plain);

}  // namespace flowship
