#pragma once

#include <string>
#include <string_view>

namespace flowship::daemon {

/// `text` as a JSON string, quotes included; what is not UTF-8 becomes U+FFFD.
std::string json_text(std::string_view text);

}  // namespace flowship::daemon
