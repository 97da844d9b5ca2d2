#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace flowship {

/// `bytes` in base64, padded.
std::string to_base64(std::string_view bytes);

/// The inverse, strict: nothing for a text with other characters, a wrong length or padding.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace flowship
